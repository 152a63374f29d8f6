package dev.trunkline.task;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a handler says of one attempt. A handler that throws instead is treated as {@link
 * RetryLater} after its type's {@link RetryPolicy}.
 *
 * @param <R> the result's type; written as JSON
 */
public sealed interface Outcome<R extends @Nullable Object> {

  /** The task is done, and this is its result. */
  record Succeeded<R extends @Nullable Object>(R result) implements Outcome<R> {}

  /**
   * This attempt failed, and another may succeed. Costs an attempt; the task fails when it was the
   * last.
   *
   * @param reason what went wrong, for the people who read the task's error
   * @param delay how long to wait, or empty for the type's {@link RetryPolicy}
   */
  record RetryLater<R extends @Nullable Object>(String reason, Optional<Duration> delay)
      implements Outcome<R> {}

  /** No attempt can succeed: the task fails at once, as {@code rejected}. */
  record GiveUp<R extends @Nullable Object>(String reason) implements Outcome<R> {}

  /** Not now, and nobody's fault: the task comes back after the delay and loses no attempt. */
  record Snooze<R extends @Nullable Object>(Duration delay) implements Outcome<R> {}

  static <R extends @Nullable Object> Outcome<R> succeeded(R result) {
    return new Succeeded<>(result);
  }

  static <R extends @Nullable Object> Outcome<R> retryLater(String reason) {
    return new RetryLater<>(reason, Optional.empty());
  }

  static <R extends @Nullable Object> Outcome<R> retryLater(String reason, Duration delay) {
    return new RetryLater<>(reason, Optional.of(delay));
  }

  static <R extends @Nullable Object> Outcome<R> giveUp(String reason) {
    return new GiveUp<>(reason);
  }

  static <R extends @Nullable Object> Outcome<R> snooze(Duration delay) {
    return new Snooze<>(delay);
  }
}
