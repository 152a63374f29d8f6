package dev.trunkline.task;

/**
 * A CDI event: tasks have been committed that are due now or later.
 *
 * @param elsewhere whether other processes may have to hear of it
 * @param runHere whether this process is known to run tasks of their types, and so may need nobody
 *     else for them
 */
public record TasksReady(boolean elsewhere, boolean runHere) {

  /** Tasks of which nobody knows here who runs them. */
  public TasksReady(boolean elsewhere) {
    this(elsewhere, false);
  }
}
