package dev.trunkline.submit;

import dev.trunkline.database.AfterCommit;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

/**
 * Tells the dispatchers that there is work, this process' own at once and the others by {@code
 * NOTIFY}, and never before the work is committed.
 */
@ApplicationScoped
class WakeUp {

  private final Event<TasksReady> ready;
  private final AfterCommit afterCommit;

  WakeUp(Event<TasksReady> ready, AfterCommit afterCommit) {
    this.ready = ready;
    this.afterCommit = afterCommit;
  }

  /** For tasks of any types. */
  void now() {
    now(false);
  }

  /**
   * @param runHere whether this process runs tasks of their types
   */
  void now(boolean runHere) {
    ready.fire(new TasksReady(true, runHere));
  }

  /** As {@link #afterCommit(boolean)}, for tasks of any types. */
  void afterCommit() {
    afterCommit(false);
  }

  /** Once the caller's transaction has committed; nothing where it is rolled back. */
  void afterCommit(boolean runHere) {
    afterCommit.run(() -> now(runHere));
  }
}
