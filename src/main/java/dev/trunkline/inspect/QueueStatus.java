package dev.trunkline.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A queue as it stands.
 *
 * @param countedAt when the depth was counted: now, or its large numbers a while ago
 * @param atLeast true where a number of the depth is only as far as it was counted
 * @param oldestDue how long the oldest due task has been waiting; empty where none is due
 * @param attempts that ended within the last minute
 * @param succeeded of them
 * @param workers live processes that take tasks from it
 * @param capacity attempts that these run at once
 */
public record QueueStatus(
    String name,
    Instant createdAt,
    Optional<Instant> pausedAt,
    Depth depth,
    Instant countedAt,
    boolean atLeast,
    Optional<Duration> oldestDue,
    long attempts,
    long succeeded,
    int workers,
    long capacity) {

  /** How many tasks are in each state; those that succeeded are not counted. */
  public record Depth(long scheduled, long queued, long running, long failed, long cancelled) {

    /** Whether one of them was counted to its bound. What runs has none. */
    boolean reaches(int bound) {
      return Math.max(Math.max(scheduled, queued), Math.max(failed, cancelled)) >= bound;
    }

    /** Whether one of them is just its bound, and there may be more. */
    boolean isAt(int bound) {
      return scheduled == bound || queued == bound || failed == bound || cancelled == bound;
    }

    /** With the other's instead of those that were counted to the bound. */
    Depth beyond(int bound, Depth other) {
      return new Depth(
          scheduled < bound ? scheduled : Math.max(bound, other.scheduled),
          queued < bound ? queued : Math.max(bound, other.queued),
          running,
          failed < bound ? failed : Math.max(bound, other.failed),
          cancelled < bound ? cancelled : Math.max(bound, other.cancelled));
    }
  }

  QueueStatus withDepth(Depth counted, Instant at, boolean isLeast) {
    return new QueueStatus(
        name, createdAt, pausedAt, counted, at, isLeast, oldestDue, attempts, succeeded, workers,
        capacity);
  }
}
