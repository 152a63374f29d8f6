package dev.trunkline.execute;

import dev.trunkline.database.SqlFault;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.Completer;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Runs claimed tasks: one virtual thread for each attempt, from the handler to its outcome. */
@Singleton
public class TaskExecutor {

  private static final Logger LOG = Logger.getLogger(TaskExecutor.class);

  private final HandlerRegistry handlers;
  private final HandlerCall call;
  private final EffectOnce effectOnce;
  private final Completer completer;
  private final AttemptScope scope;
  private final AttemptMetrics metrics;
  private final Event<TasksReady> ready;

  TaskExecutor(
      HandlerRegistry handlers,
      HandlerCall call,
      EffectOnce effectOnce,
      Completer completer,
      AttemptScope scope,
      AttemptMetrics metrics,
      Event<TasksReady> ready) {
    this.handlers = handlers;
    this.call = call;
    this.effectOnce = effectOnce;
    this.completer = completer;
    this.scope = scope;
    this.metrics = metrics;
    this.ready = ready;
  }

  /**
   * Begins the attempts and returns at once. All are counted before the first one runs: else the
   * first of a lease could end as the last one left of it, and have it deleted under the others.
   */
  public void start(List<ClaimedTask> tasks, WorkerIdentity worker) {
    List<RunningAttempt> attempts =
        tasks.stream().map(task -> new RunningAttempt(task, worker)).toList();
    attempts.forEach(scope::enter);
    attempts.forEach(this::start);
  }

  /** Stops what this process runs for a worker that it is not any more. */
  public void stop(WorkerIdentity worker) {
    scope.stop(worker);
  }

  private void start(RunningAttempt attempt) {
    Thread.ofVirtual()
        .name("attempt-" + attempt.taskId())
        .start(() -> scope.run(attempt, () -> run(attempt)));
  }

  /** True where the database has answered what became of the attempt. */
  private boolean run(RunningAttempt attempt) {
    metrics.started(attempt.task());
    Optional<Conclusion> conclusion = conclude(attempt);
    if (conclusion.isEmpty()) {
      stoppedForOthers(attempt);
      return false;
    }
    AttemptEnd end = conclusion.get().end();
    boolean written = conclusion.get().written().orElseGet(() -> write(end, attempt));
    metrics.ended(attempt.task(), end, written);
    attempt.span().ended(end, written);
    if (written && end instanceof AttemptEnd.Setback) {
      ready.fire(new TasksReady(false));
    }
    if (!written) {
      LOG.warnf("The lease was lost while %s ran; its outcome is dropped.", attempt.task().type());
    }
    return true;
  }

  private Optional<Conclusion> conclude(RunningAttempt attempt) {
    TaskHandler<?, ?> handler = handlers.find(attempt.task().type()).orElseThrow();
    return handler.transactional()
        ? effectOnce.run(handler, attempt)
        : call.make(handler, attempt).map(Conclusion::unwritten);
  }

  private void stoppedForOthers(RunningAttempt attempt) {
    if (attempt.isAbandoned()) {
      metrics.abandonedReturned();
    } else if (attempt.stopReason().equals(Optional.of(Stop.LEASE_LOST))) {
      metrics.leaseLost();
    }
    LOG.infof("%s was stopped, and is not this worker's any more.", attempt.task().type());
  }

  /** Writes the end; one that cannot be written as it is becomes a setback. */
  private boolean write(AttemptEnd end, RunningAttempt attempt) {
    BooleanSupplier held = attempt::isHeld;
    try {
      return completer.finish(end, held);
    } catch (RuntimeException e) {
      SqlFault fault = SqlFault.behind(e).orElse(SqlFault.UNEXPECTED);
      if (fault.passes()) {
        throw e;
      }
      LOG.errorf(e, "The outcome of %s cannot be stored.", attempt.task().type());
      return completer.finish(Verdict.unwritable(end.ran(), fault), held);
    }
  }
}
