package dev.trunkline.outbound;

import dev.trunkline.task.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that brought no usable answer, and whether trying again may bring one. The message is a
 * sentence for the people who read the task's error: it names the host, never an address that the
 * host resolved to, which would let a submitter map the network behind this service.
 */
public abstract sealed class OutboundException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  private OutboundException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /** The message, which is always there. */
  public String reason() {
    return reason;
  }

  /** What a handler answers that cannot go on without the answer. */
  public abstract <R extends @Nullable Object> Outcome<R> outcome();

  /** Every attempt would end like this one: a bad URL, a forbidden address, a limit, a 4xx. */
  public static final class Refused extends OutboundException {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason, null);
    }

    @Override
    public <R extends @Nullable Object> Outcome<R> outcome() {
      return Outcome.giveUp(reason());
    }
  }

  /** Another attempt may do better: an I/O fault, the time limit, a 5xx, a 429. */
  public static final class Failed extends OutboundException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration retryAfter;

    Failed(String reason, @Nullable Throwable cause) {
      super(reason, cause);
      this.retryAfter = null;
    }

    Failed(String reason, Optional<Duration> retryAfter) {
      super(reason, null);
      this.retryAfter = retryAfter.orElse(null);
    }

    /** How long the host asked to be left alone; empty where it did not say. */
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }

    @Override
    public <R extends @Nullable Object> Outcome<R> outcome() {
      return new Outcome.RetryLater<>(reason(), retryAfter());
    }
  }
}
