package dev.trunkline.task;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a failed task waits: exponential backoff with full jitter, uniformly random between zero
 * and {@code base * 2^(failures-1)}, at most {@code cap}. Full jitter spreads a crowd of tasks that
 * failed together better than any fixed share of the backoff does (M. Brooker, "Exponential Backoff
 * And Jitter", AWS Architecture Blog, 2015).
 *
 * @param base the upper bound after the first failure; more than zero
 * @param cap the upper bound after any number of failures; at least {@code base}, at most ten years
 */
public record RetryPolicy(Duration base, Duration cap) {

  static final Duration LONGEST_CAP = Duration.ofDays(3_660);

  /** One second, doubling up to ten minutes. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(10));

  /** As many as a long can hold; a nanosecond has grown beyond the longest cap by then. */
  private static final int DOUBLINGS_AT_MOST = 62;

  public RetryPolicy {
    if (!base.isPositive() || cap.compareTo(base) < 0 || cap.compareTo(LONGEST_CAP) > 0) {
      throw new IllegalArgumentException(
          "a retry policy needs 0 < base <= cap <= %s, not base %s and cap %s"
              .formatted(LONGEST_CAP, base, cap));
    }
  }

  /**
   * The wait before the next attempt.
   *
   * @param failures how many attempts have failed so far, this one included; at least 1
   */
  public Duration delayAfter(int failures, RandomGenerator random) {
    return Duration.ofMillis(random.nextLong(bound(failures).toMillis() + 1));
  }

  private Duration bound(int failures) {
    int doublings = Math.clamp(failures - 1L, 0, DOUBLINGS_AT_MOST);
    boolean overCap = base.compareTo(cap.dividedBy(1L << doublings)) > 0;
    return overCap ? cap : base.multipliedBy(1L << doublings);
  }
}
