package dev.trunkline.it.history;

/**
 * A rule that a history breaks.
 *
 * @param what names the task, and what is wrong with it
 */
public record Violation(Rule rule, String what) {

  /** What must hold of every history. */
  public enum Rule {
    NOTHING_IS_LOST,
    ONE_SUCCESS,
    NUMBERED_WITHOUT_GAPS,
    STARTED_ONCE,
    FINAL_IS_FINAL,
    NOT_BEFORE_ITS_TIME,
    THE_HANDLER_SAID_SO,
    EVERY_START_IS_RECORDED,
    ONE_KEY_ONE_TASK,
    NOTHING_UNASKED_RUNS
  }

  @Override
  public String toString() {
    return rule + ": " + what;
  }
}
