package dev.trunkline.api;

import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When to look at a task again, or try again, in seconds. Only a hint, and so the one place where
 * this process' clock will do.
 */
final class RetryAfter {

  private static final long LONGEST = 60;
  private static final long UNTIL_IT_IS_BACK = 2;

  private RetryAfter() {}

  static long seconds(Task task) {
    if (task.state != TaskState.SCHEDULED) {
      return 1;
    }
    return Math.clamp(Duration.between(Instant.now(), task.runAt).toSeconds() + 1, 1, LONGEST);
  }

  /** When to try again what was met with a problem; empty where trying again does not help. */
  static Optional<Long> seconds(Problem problem) {
    return switch (problem.status()) {
      case 429, 503 -> Optional.of(UNTIL_IT_IS_BACK);
      default -> Optional.empty();
    };
  }
}
