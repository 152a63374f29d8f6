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
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Runs claimed tasks: one virtual thread for each handler, and its outcome to the completer. */
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
   *
   * @throws RuntimeException where not all could be started; those that have begun go on, the
   *     others are held by their lease alone. An {@link Error} does the same.
   */
  public void start(List<ClaimedTask> tasks, WorkerIdentity worker) {
    List<RunningAttempt> attempts =
        tasks.stream().map(task -> new RunningAttempt(task, worker)).toList();
    try {
      scope.enter(attempts);
      attempts.forEach(attempt -> scope.start(attempt, this::run));
    } catch (RuntimeException | Error e) {
      scope.takeBack(attempts);
      throw e;
    }
  }

  /** Stops what this process runs for a worker that it is not any more. */
  public void stop(WorkerIdentity worker) {
    scope.stop(worker);
  }

  /** True while so many ends wait to be written that no more tasks are to be claimed. */
  public boolean isBehind() {
    return completer.isBehind();
  }

  private void run(RunningAttempt attempt) {
    try {
      scope.run(attempt, () -> end(attempt));
    } catch (RuntimeException | Error e) {
      unsettled(attempt, e);
    }
  }

  /** Its thread is free for the next one while the end is written. */
  private void end(RunningAttempt attempt) {
    metrics.started(attempt);
    Optional<Conclusion> conclusion = conclude(attempt);
    scope.makeWay(attempt);
    if (conclusion.isEmpty()) {
      stoppedForOthers(attempt);
      scope.leave(attempt, false);
      return;
    }
    AttemptEnd end = conclusion.get().end();
    conclusion
        .get()
        .written()
        .ifPresentOrElse(current -> settled(attempt, end, current), () -> write(end, attempt));
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

  private void write(AttemptEnd end, RunningAttempt attempt) {
    write(end, attempt, thrown -> refused(attempt, end, thrown));
  }

  private void write(AttemptEnd end, RunningAttempt attempt, Consumer<Throwable> otherwise) {
    var _ =
        completer
            .finish(end, attempt::isHeld)
            .whenComplete(
                (current, thrown) -> {
                  try {
                    if (thrown == null) {
                      settled(attempt, end, current);
                    } else {
                      otherwise.accept(thrown);
                    }
                  } catch (RuntimeException | Error e) {
                    // Nobody else would hear of it.
                    unsettled(attempt, e);
                  }
                });
  }

  /** An end that cannot be written as it is becomes a setback. */
  private void refused(RunningAttempt attempt, AttemptEnd end, Throwable thrown) {
    SqlFault fault = SqlFault.behind(thrown).orElse(SqlFault.UNEXPECTED);
    if (fault.passes()) {
      unsettled(attempt, thrown);
      return;
    }
    String type = attempt.task().type();
    AttemptScope.named(
        attempt, () -> LOG.errorf(thrown, "The outcome of %s cannot be stored.", type));
    write(Verdict.unwritable(end.ran(), fault), attempt, again -> unsettled(attempt, again));
  }

  /** The database has answered what became of the attempt. */
  private void settled(RunningAttempt attempt, AttemptEnd end, boolean written) {
    metrics.ended(attempt.task(), end, written);
    attempt.span().ended(end, written);
    if (written && end instanceof AttemptEnd.Setback) {
      ready.fire(new TasksReady(false));
    }
    if (!written) {
      String type = attempt.task().type();
      AttemptScope.named(
          attempt,
          () -> LOG.warnf("The lease was lost while %s ran; its outcome is dropped.", type));
    }
    scope.leave(attempt, true);
  }

  private void unsettled(RunningAttempt attempt, Throwable thrown) {
    String fate = "The outcome could not be written; the task is rescued when the lease is.";
    AttemptScope.named(attempt, () -> LOG.error(fate, thrown));
    scope.leave(attempt, false);
  }
}
