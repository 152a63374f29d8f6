package dev.trunkline.handlers.chess;

import java.time.Duration;

/**
 * Where a search ends: at a depth or after a time, whichever comes first.
 *
 * @param depth in half-moves, or {@link #ANY_DEPTH}
 * @param time more than zero; every search has one, which is how a hanging engine is told
 */
record SearchLimits(int depth, Duration time) {

  /** No limit on the depth. */
  static final int ANY_DEPTH = 0;

  SearchLimits {
    if (depth < 0 || time.toMillis() < 1) {
      throw new IllegalArgumentException(
          "a search cannot have depth %d, %s".formatted(depth, time));
    }
  }

  /** The command that starts the search. */
  String go() {
    String movetime = "go movetime " + time.toMillis();
    return depth == ANY_DEPTH ? movetime : movetime + " depth " + depth;
  }

  /** How much of the nearer limit is used up, 0 to 100. */
  int percent(int depthReached, Duration elapsed) {
    long byTime = elapsed.toMillis() * 100 / time.toMillis();
    long byDepth = depth == ANY_DEPTH ? 0 : depthReached * 100L / depth;
    return Math.clamp(Math.max(byTime, byDepth), 0, 100);
  }
}
