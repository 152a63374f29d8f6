package dev.trunkline.outbound;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The moment by which a whole request has to be over: name lookups, redirects and bodies.
 *
 * @param nanoTime as {@link System#nanoTime} counts
 * @param total the time that was given, for the message
 */
record Deadline(long nanoTime, Duration total) {

  static Deadline in(Duration total) {
    return new Deadline(System.nanoTime() + total.toNanos(), total);
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
