package dev.trunkline.claim;

import java.time.Duration;

/**
 * Holds claims apart where one wake-up after the other brings nothing, because all of it is paused
 * or goes to others. Used by the dispatcher's thread alone.
 */
final class VainClaims {

  /** So many that find nothing may follow each other without a pause. */
  static final int AT_ONCE = 5;

  static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

  private int inARow;

  /** A claim has found something, or nothing. */
  void claimed(boolean any) {
    inARow = any ? 0 : inARow + 1;
  }

  /**
   * How long the next claim has to wait: the distance grows by a millisecond with each, and counts
   * from the last one on, so that after a quiet time there is nothing to wait for.
   */
  Duration untilNext(Duration sinceLast) {
    Duration apart = Duration.ofMillis(Math.max(0, inARow - AT_ONCE));
    Duration bounded = apart.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : apart;
    Duration left = bounded.minus(sinceLast);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
