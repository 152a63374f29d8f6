package dev.trunkline.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a task stands, as clients see it; the words are those of the HTTP contract. */
public enum TaskState {
  /** Due later: delayed by its submitter, or waiting for its next attempt. */
  SCHEDULED,
  /** Due, and waiting for a worker. */
  QUEUED,
  /** Leased to a worker. */
  RUNNING,
  /** Final: the result is there. */
  SUCCEEDED,
  /** Final: attempts exhausted, rejected for good, or expired; the error says why. */
  FAILED,
  /** Final: cancelled by a client before it finished. */
  CANCELLED;

  /** True where only an explicit retry leads out of this state. */
  public boolean isFinal() {
    return switch (this) {
      case SCHEDULED, QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  /** The word that stands in JSON and in the database, such as {@code queued}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The state that a word of the database names.
   *
   * @throws IllegalArgumentException for any other word
   */
  public static TaskState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
