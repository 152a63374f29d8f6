package dev.trunkline.execute;

import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.MDC;

/** What surrounds an attempt: its slot, its share of a lease, its place in logs and traces. */
@Singleton
class AttemptScope {

  private final Slots slots;
  private final Runners runners;
  private final RunningAttempts running;
  private final Leases leases;
  private final AttemptSpans spans;
  private final Event<SlotFree> slotFree;

  AttemptScope(
      Slots slots,
      Runners runners,
      RunningAttempts running,
      Leases leases,
      AttemptSpans spans,
      Event<SlotFree> slotFree) {
    this.slots = slots;
    this.runners = runners;
    this.running = running;
    this.leases = leases;
    this.spans = spans;
    this.slotFree = slotFree;
  }

  /** Has it run when it is its turn. */
  void start(RunningAttempt attempt, Consumer<RunningAttempt> body) {
    runners.start(attempt, body);
  }

  /**
   * Takes the slots; before the dispatcher looks at the free ones again. Who is in it may be taken
   * back already while the others enter, so all are counted in their lease first.
   */
  void enter(List<RunningAttempt> attempts) {
    attempts.forEach(attempt -> leases.opened(attempt.task().lease()));
    for (RunningAttempt attempt : attempts) {
      slots.take(attempt);
      attempt.tookSlot();
      running.add(attempt);
    }
  }

  /**
   * Undoes what was done of {@link #enter} and {@link #start}, but for those that have begun. Their
   * lease stays, so that all that is in it can be given back.
   */
  void takeBack(List<RunningAttempt> attempts) {
    attempts.forEach(attempt -> leases.forget(attempt.task().lease()));
    attempts.stream().filter(RunningAttempt::withdraw).forEach(attempt -> leave(attempt, false));
    forgetWithdrawn();
  }

  /** Holds no longer what was withdrawn before its turn. */
  void forgetWithdrawn() {
    runners.forgetWithdrawn();
  }

  /** Stops the attempts of a worker whose lease was lost. */
  void stop(WorkerIdentity worker) {
    running.stopAll(worker, RunningAttempt.Stop.LEASE_LOST);
  }

  /** Runs something in the attempt's place in logs and traces. */
  void run(RunningAttempt attempt, Runnable body) {
    named(
        attempt,
        () -> {
          attempt.begin(spans.begin(attempt.task()));
          attempt.span().run(body);
        });
  }

  /** Runs something, so that what it logs names the attempt. */
  static void named(RunningAttempt attempt, Runnable body) {
    MDC.put("taskId", attempt.taskId().toString());
    MDC.put("attempt", Integer.toString(attempt.attempt()));
    try {
      body.run();
    } finally {
      MDC.remove("taskId");
      MDC.remove("attempt");
    }
  }

  /** The handler has ended, or is not waited for any more: another one may run in its place. */
  void makeWay(RunningAttempt attempt) {
    if (attempt.makesWay()) {
      slots.giveBack(attempt.task().queue());
      runners.makeWay(attempt);
      slotFree.fire(new SlotFree());
    }
  }

  /**
   * The attempt is none of this process' any more; once, whoever comes first.
   *
   * @param settled whether the database knows what became of it
   */
  void leave(RunningAttempt attempt, boolean settled) {
    attempt.span().end();
    makeWay(attempt);
    if (running.remove(attempt)) {
      slots.letGo(attempt);
      leases.left(attempt.task().lease(), settled);
      if (settled) {
        slots.settled(attempt);
      }
    }
  }
}
