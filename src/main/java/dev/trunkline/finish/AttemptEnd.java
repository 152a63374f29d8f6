package dev.trunkline.finish;

import java.time.Duration;
import java.util.Optional;

/** How an attempt ended, as it is written. */
public sealed interface AttemptEnd {

  Ran ran();

  /**
   * It succeeded, and so did its task.
   *
   * @param result JSON text
   * @param progress the last report, where there was one
   */
  record Success(Ran ran, String result, Optional<ProgressReport> progress) implements AttemptEnd {}

  /**
   * It did not succeed. Whether the task is tried again is decided where it is written: only if
   * {@code again}, attempts are left, and nobody has cancelled it.
   *
   * @param kind what happened
   * @param reason for people
   * @param again whether another attempt may help
   * @param delay until the next attempt, by the database's clock
   */
  record Setback(Ran ran, Kind kind, String reason, boolean again, Duration delay)
      implements AttemptEnd {

    /** Characters of a reason that are kept. */
    static final int REASON_LENGTH = 2_000;

    public Setback {
      reason = StoredText.of(reason, REASON_LENGTH);
    }
  }

  /** What can happen to an attempt, and the words for it. */
  enum Kind {
    FAILED("failed", "handler-failed", true),
    TIMED_OUT("timed-out", "timed-out", true),
    WORKER_LOST("worker-lost", "worker-lost", true),
    REJECTED("rejected", "rejected", true),
    CANCELLED("cancelled", "cancelled", true),
    SNOOZED("snoozed", "snoozed", false),
    RELEASED("released", "released", false);

    private final String outcome;
    private final String errorType;
    private final boolean costsAnAttempt;

    Kind(String outcome, String errorType, boolean costsAnAttempt) {
      this.outcome = outcome;
      this.errorType = errorType;
      this.costsAnAttempt = costsAnAttempt;
    }

    /** The word in the list of attempts. */
    public String outcome() {
      return outcome;
    }

    /** The stable name in the task's error. */
    public String errorType() {
      return errorType;
    }

    /** Whether something went wrong, rather than was asked for. */
    public boolean isFault() {
      return costsAnAttempt && this != CANCELLED;
    }

    boolean costsAnAttempt() {
      return costsAnAttempt;
    }
  }
}
