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

  /** As PostgreSQL compares them; {@link UUID#compareTo} takes the first bit for a sign. */
  static boolean isSmaller(UUID one, UUID other) {
    int first = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
    return first == 0
        ? Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits()) < 0
        : first < 0;
  }

  private static UUID ofMillis(long millis) {
    return new UUID(Math.clamp(millis, 0, LAST_MILLIS) << BITS_BELOW, 0);
  }
}
