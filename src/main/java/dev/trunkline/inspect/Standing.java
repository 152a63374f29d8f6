package dev.trunkline.inspect;

import dev.trunkline.task.TaskState;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What keeps a task from running, or has kept it, as facts of one moment.
 *
 * @param error JSON text
 * @param late whether its {@code expiresAt} has passed while it waits
 * @param overdue whether it has been due for longer than it takes to hand it to one who asks
 * @param cancelRequestedAt when its running attempt was told to stop
 * @param pausedAt since when its queue is paused
 * @param silentSince the last sign of life of the worker that runs it, where that is overdue
 */
record Standing(
    UUID id,
    TaskState state,
    String type,
    String queue,
    Instant runAt,
    int attempt,
    Optional<String> error,
    Optional<String> worker,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    boolean late,
    boolean overdue,
    Optional<Instant> cancelRequestedAt,
    Optional<Instant> pausedAt,
    Rivals rivals,
    Optional<Instant> silentSince) {

  /**
   * Who could run the task, and what else they have to do.
   *
   * @param workers that live, processes of the service and others
   * @param ofType those of them that can run its type
   * @param ofQueue those of these that take from its queue
   * @param capacity attempts that these run at once
   * @param running attempts that they run
   * @param freeInside how many more the processes of the service may begin
   * @param freeOutside how many more the others may, once they ask
   * @param ahead tasks in front of it that they can run
   * @param exact whether all of these were counted
   */
  record Rivals(
      int workers,
      int ofType,
      int ofQueue,
      long capacity,
      long running,
      long freeInside,
      long freeOutside,
      long ahead,
      boolean exact) {}
}
