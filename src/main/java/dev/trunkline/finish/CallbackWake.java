package dev.trunkline.finish;

import dev.trunkline.task.TasksReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * Wakes the dispatchers for callbacks, which come into being with the ends of their tasks. Not by
 * {@code NOTIFY} in the same statement: that takes a lock of the whole instance while it commits.
 */
@ApplicationScoped
class CallbackWake {

  private final Event<TasksReady> ready;
  private final TransactionSynchronizationRegistry transaction;

  CallbackWake(Event<TasksReady> ready, TransactionSynchronizationRegistry transaction) {
    this.ready = ready;
    this.transaction = transaction;
  }

  /** Once the present transaction has committed; nothing where it is rolled back. */
  void afterCommit() {
    transaction.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              ready.fire(new TasksReady(true, true));
            }
          }
        });
  }
}
