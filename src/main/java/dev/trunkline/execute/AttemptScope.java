package dev.trunkline.execute;

import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** What surrounds an attempt: its slot, its share of a lease, its place in logs and traces. */
@Singleton
class AttemptScope {

  private static final Logger LOG = Logger.getLogger(AttemptScope.class);

  private final Slots slots;
  private final RunningAttempts running;
  private final Leases leases;
  private final AttemptSpans spans;
  private final Event<SlotFree> slotFree;

  AttemptScope(
      Slots slots,
      RunningAttempts running,
      Leases leases,
      AttemptSpans spans,
      Event<SlotFree> slotFree) {
    this.slots = slots;
    this.running = running;
    this.leases = leases;
    this.spans = spans;
    this.slotFree = slotFree;
  }

  /** Takes the slot; called by the dispatcher, before it looks at the free slots again. */
  void enter(RunningAttempt attempt) {
    slots.take(attempt.task().queue());
    leases.opened(attempt.task().lease());
    running.add(attempt);
  }

  /** Stops the attempts of a worker whose lease was lost. */
  void stop(WorkerIdentity worker) {
    running.stopAll(worker, RunningAttempt.Stop.LEASE_LOST);
  }

  /**
   * Runs the attempt in its place.
   *
   * @param body answers whether the database knows what became of the attempt
   */
  void run(RunningAttempt attempt, BooleanSupplier body) {
    MDC.put("taskId", attempt.taskId().toString());
    MDC.put("attempt", Integer.toString(attempt.attempt()));
    attempt.begin(spans.begin(attempt.task()));
    boolean settled = false;
    try {
      settled = attempt.span().run(body);
    } catch (RuntimeException | Error e) {
      LOG.error("The outcome could not be written; the task is rescued when the lease is.", e);
    } finally {
      attempt.span().end();
      leave(attempt, settled);
      MDC.remove("taskId");
      MDC.remove("attempt");
    }
  }

  /**
   * Frees the place of an attempt, once, whoever comes first.
   *
   * @param settled whether the database knows what became of it
   */
  void leave(RunningAttempt attempt, boolean settled) {
    if (running.remove(attempt)) {
      if (settled) {
        leases.settled(attempt.task().lease());
      }
      slots.giveBack(attempt.task().queue());
      slotFree.fire(new SlotFree());
    }
  }
}
