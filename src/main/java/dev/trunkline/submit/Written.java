package dev.trunkline.submit;

import dev.trunkline.claim.DirectClaim.Leased;
import dev.trunkline.task.Task;
import java.util.Optional;

/**
 * What has become of one submission that was written.
 *
 * @param task empty where its idempotency key was taken
 * @param leased where this process has claimed it with the same statement
 */
record Written(Optional<Task> task, Optional<Leased> leased) {

  static Written waiting(Optional<Task> task) {
    return new Written(task, Optional.empty());
  }
}
