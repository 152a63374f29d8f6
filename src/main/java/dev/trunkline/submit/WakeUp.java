package dev.trunkline.submit;

import dev.trunkline.task.TasksReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * Tells the dispatchers that there is work, this process' own at once and the others by {@code
 * NOTIFY}, and never before the work is committed.
 */
@ApplicationScoped
class WakeUp {

  private final Event<TasksReady> ready;
  private final TransactionSynchronizationRegistry transaction;

  WakeUp(Event<TasksReady> ready, TransactionSynchronizationRegistry transaction) {
    this.ready = ready;
    this.transaction = transaction;
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
    transaction.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              now(runHere);
            }
          }
        });
  }
}
