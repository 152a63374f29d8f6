package dev.trunkline.execute;

import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** What surrounds an attempt: its slot, its share of a lease, and its place in the logs. */
@Singleton
class AttemptScope {

  private static final Logger LOG = Logger.getLogger(AttemptScope.class);

  private final Slots slots;
  private final RunningAttempts running;
  private final Leases leases;
  private final Timeouts timeouts;
  private final Event<SlotFree> slotFree;

  AttemptScope(
      Slots slots,
      RunningAttempts running,
      Leases leases,
      Timeouts timeouts,
      Event<SlotFree> slotFree) {
    this.slots = slots;
    this.running = running;
    this.leases = leases;
    this.timeouts = timeouts;
    this.slotFree = slotFree;
  }

  /** Takes the slot; called by the dispatcher, before it looks at the free slots again. */
  void enter(RunningAttempt attempt) {
    slots.take(attempt.task().queue());
    leases.opened(attempt.task().lease());
    running.add(attempt);
  }

  /**
   * Runs the attempt in its place.
   *
   * @param body answers whether the database knows what became of the attempt
   */
  void run(RunningAttempt attempt, BooleanSupplier body) {
    MDC.put("taskId", attempt.taskId().toString());
    MDC.put("attempt", Integer.toString(attempt.attempt()));
    try {
      if (body.getAsBoolean()) {
        leases.settled(attempt.task().lease());
      }
    } catch (RuntimeException | Error e) {
      LOG.error("The outcome could not be written; the task is rescued when the lease is.", e);
    } finally {
      running.remove(attempt);
      slots.giveBack(attempt.task().queue());
      slotFree.fire(new SlotFree());
      MDC.remove("taskId");
      MDC.remove("attempt");
    }
  }

  /** Calls the handler; it is interrupted when the attempt's timeout is over. */
  <T> T withTimeout(RunningAttempt attempt, Callable<T> handler) throws Exception {
    try (var _ = timeouts.after(attempt)) {
      return handler.call();
    }
  }
}
