package dev.trunkline.submit;

import dev.trunkline.task.Refusal;
import java.util.UUID;

/** What became of one submission among many that do not depend on each other. */
public sealed interface Receipt {

  /**
   * It is committed.
   *
   * @param replayed true where an earlier submission with the same key had stored it
   */
  record Stored(UUID id, boolean replayed) implements Receipt {}

  /** It was not stored, and will not be for as long as it is what it is. */
  record Refused(Refusal refusal) implements Receipt {}

  /** The database did not take it, or nobody can know whether it did. */
  record Failed(RuntimeException fault) implements Receipt {}
}
