package dev.trunkline.finish;

import dev.trunkline.database.AfterCommit;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import org.jboss.logging.Logger;

/**
 * Wakes the dispatchers for callbacks, which come into being with the ends of their tasks. Not by
 * {@code NOTIFY} in the same statement: that takes a lock of the whole instance while it commits.
 */
@ApplicationScoped
class CallbackWake {

  private static final Logger LOG = Logger.getLogger(CallbackWake.class);

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

  /** What was to be woken for is committed, whatever comes of this; the poll finds it too. */
  void now() {
    try {
      ready.fire(new TasksReady(true, true));
    } catch (RuntimeException e) {
      LOG.warnf(e, "Nobody was woken for a callback.");
    }
  }
}
