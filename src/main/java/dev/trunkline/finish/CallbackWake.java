package dev.trunkline.finish;

import dev.trunkline.database.AfterCommit;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

/**
 * Wakes the dispatchers for callbacks, which come into being with the ends of their tasks. Not by
 * {@code NOTIFY} in the same statement: that takes a lock of the whole instance while it commits.
 */
@ApplicationScoped
class CallbackWake {

  private final Event<TasksReady> ready;
  private final AfterCommit afterCommit;

  CallbackWake(Event<TasksReady> ready, AfterCommit afterCommit) {
    this.ready = ready;
    this.afterCommit = afterCommit;
  }

  /** Once the present transaction has committed; nothing where it is rolled back. */
  void afterCommit() {
    afterCommit.run(this::now);
  }

  void now() {
    ready.fire(new TasksReady(true, true));
  }
}
