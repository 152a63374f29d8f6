package dev.trunkline.inspect;

import java.time.Instant;
import java.util.UUID;

/**
 * The ids that tasks of a time can have. An id begins with the milliseconds of its making, a moment
 * before or after {@code created_at} is taken: hence a margin, and the time itself is looked at
 * too.
 */
final class IdTimes {

  private static final long MARGIN_MILLIS = 10;
  private static final int BITS_BELOW = 16;
  private static final long LAST_MILLIS = (1L << 48) - 1;

  private IdTimes() {}

  /** Larger than the ids of all tasks created before a time. */
  static UUID after(Instant time) {
    return ofMillis(time.toEpochMilli() + MARGIN_MILLIS + 1);
  }

  /** Smaller than the ids of all tasks created after a time. */
  static UUID before(Instant time) {
    return ofMillis(time.toEpochMilli() - MARGIN_MILLIS);
  }

  private static UUID ofMillis(long millis) {
    return new UUID(Math.clamp(millis, 0, LAST_MILLIS) << BITS_BELOW, 0);
  }
}
