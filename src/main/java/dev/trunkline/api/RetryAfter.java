package dev.trunkline.api;

import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.time.Duration;
import java.time.Instant;

/**
 * When to look at a task again, in seconds. Only a hint, and so the one place where this process'
 * clock will do.
 */
final class RetryAfter {

  private static final long LONGEST = 60;

  private RetryAfter() {}

  static long seconds(Task task) {
    if (task.state != TaskState.SCHEDULED) {
      return 1;
    }
    return Math.clamp(Duration.between(Instant.now(), task.runAt).toSeconds() + 1, 1, LONGEST);
  }
}
