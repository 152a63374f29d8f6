package dev.trunkline.submit;

import dev.trunkline.task.Task;

/**
 * The answer to a submission.
 *
 * @param task as it was stored; where many are replayed together, perhaps {@link #isShortened}
 * @param replayed true where an earlier submission with the same key had stored it
 */
public record Submitted(Task task, boolean replayed) {

  /** Whether the task comes without payload and result, because too many have long ones. */
  public boolean isShortened() {
    return task.payload == null;
  }
}
