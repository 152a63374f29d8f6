package dev.trunkline.task;

import java.time.Instant;
import java.util.Optional;

/**
 * Which tasks are meant: those that every given part fits.
 *
 * @param tag one of the task's tags
 * @param createdAfter later than this, to the microsecond
 * @param createdBefore earlier than this
 */
public record TaskFilter(
    Optional<TaskState> state,
    Optional<String> type,
    Optional<String> queue,
    Optional<String> tag,
    Optional<Instant> createdAfter,
    Optional<Instant> createdBefore) {

  /** All tasks. */
  public static final TaskFilter ALL =
      new TaskFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  public TaskFilter withState(TaskState other) {
    return new TaskFilter(Optional.of(other), type, queue, tag, createdAfter, createdBefore);
  }

  public TaskFilter withType(String other) {
    return new TaskFilter(state, Optional.of(other), queue, tag, createdAfter, createdBefore);
  }

  public TaskFilter withQueue(String other) {
    return new TaskFilter(state, type, Optional.of(other), tag, createdAfter, createdBefore);
  }

  public TaskFilter withTag(String other) {
    return new TaskFilter(state, type, queue, Optional.of(other), createdAfter, createdBefore);
  }

  public TaskFilter withCreated(Optional<Instant> after, Optional<Instant> before) {
    return new TaskFilter(state, type, queue, tag, after, before);
  }
}
