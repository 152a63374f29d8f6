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

  void now() {
    ready.fire(new TasksReady(true));
  }

  /** Once the caller's transaction has committed; nothing where it is rolled back. */
  void afterCommit() {
    transaction.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              now();
            }
          }
        });
  }
}
