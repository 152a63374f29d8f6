package dev.trunkline.submit;

import dev.trunkline.task.Task;

/**
 * The answer to a submission.
 *
 * @param task as it was stored
 * @param replayed true where an earlier submission with the same key had stored it
 */
public record Submitted(Task task, boolean replayed) {}
