package dev.trunkline.submit;

import dev.trunkline.claim.Registrations;
import dev.trunkline.task.Registries;

/** Writers of a test's own. */
final class ClaimingWriters {

  private ClaimingWriters() {}

  static ClaimingWriter neverClaiming(TaskWriter writer) {
    return new ClaimingWriter(writer, Registrations.directClaims(), Registries.of());
  }
}
