package dev.trunkline.handlers.chess;

import java.time.Duration;

/**
 * A moment on the monotonic clock, which no correction of the time of day moves.
 *
 * @param nanoTime as {@link System#nanoTime} tells it
 */
record Deadline(long nanoTime) {

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** How long it still takes; negative once it is over. */
  Duration remaining() {
    return Duration.ofNanos(nanoTime - System.nanoTime());
  }
}
