package dev.trunkline.outbound;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The moment by which an answer has to be there: name lookups, redirects and, unless that has a
 * time of its own, the body.
 *
 * @param nanoTime as {@link System#nanoTime} counts
 * @param total the time that was given, for the message
 * @param forBody what the body has, from the beginning of its answer
 */
record Deadline(long nanoTime, Duration total, Optional<Duration> forBody) {

  static Deadline in(Duration total) {
    return new Deadline(System.nanoTime() + total.toNanos(), total, Optional.empty());
  }

  /** For a request with patience that is counted apart, or without. */
  static Deadline of(Optional<Duration> patience, Duration timeout) {
    Deadline whole = in(patience.orElse(timeout));
    return new Deadline(whole.nanoTime, whole.total, patience.map(_ -> timeout));
  }

  /** The moment by which the body of an answer that begins now has to be in. */
  Deadline ofBody() {
    return forBody.map(Deadline::in).orElse(this);
  }

  /** The milliseconds left, at least one. */
  long remainingMillis() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(remainingNanos()));
  }

  /**
   * What the future brings. The calling thread blocks, so it must not be an event loop.
   *
   * @throws OutboundException.Failed once the time is up
   */
  <T> T await(Future<T> future, String host) throws OutboundException, InterruptedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new OutboundException.Failed(
          "%s did not answer in full within %d ms".formatted(host, total.toMillis()), e);
    } catch (ExecutionException e) {
      throw Faults.of(e.getCause() == null ? e : e.getCause(), host);
    }
  }

  private long remainingNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }
}
