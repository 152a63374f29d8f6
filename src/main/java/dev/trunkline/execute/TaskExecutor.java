package dev.trunkline.execute;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.database.SqlFault;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.Completer;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.RetryPolicy;
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
  private final ObjectMapper mapper;
  private final Verdict verdict;
  private final Completer completer;
  private final AttemptScope scope;
  private final AttemptMetrics metrics;
  private final Event<TasksReady> ready;

  TaskExecutor(
      HandlerRegistry handlers,
      ObjectMapper mapper,
      Verdict verdict,
      Completer completer,
      AttemptScope scope,
      AttemptMetrics metrics,
      Event<TasksReady> ready) {
    this.handlers = handlers;
    this.mapper = mapper;
    this.verdict = verdict;
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
    List<RunningAttempt> attempts = tasks.stream().map(RunningAttempt::new).toList();
    attempts.forEach(scope::enter);
    attempts.forEach(attempt -> start(attempt, worker));
  }

  private void start(RunningAttempt attempt, WorkerIdentity worker) {
    Thread.ofVirtual()
        .name("attempt-" + attempt.taskId())
        .start(() -> scope.run(attempt, () -> run(attempt, worker)));
  }

  /** True where the database has answered what became of the attempt. */
  private boolean run(RunningAttempt attempt, WorkerIdentity worker) {
    metrics.started(attempt.task());
    Ran ran = new Ran(attempt.task().token(), worker.name(), attempt.task().startedAt());
    Optional<AttemptEnd> end = execute(attempt, ran);
    if (end.isEmpty()) {
      if (attempt.isStoppedBy(Stop.LEASE_LOST)) {
        metrics.leaseLost();
      }
      LOG.infof("%s was stopped, and is not this worker's any more.", attempt.task().type());
      return false;
    }
    boolean written = write(end.get(), attempt);
    metrics.ended(attempt.task(), end.get(), written);
    if (written && end.get() instanceof AttemptEnd.Setback) {
      ready.fire(new TasksReady(false));
    }
    if (!written) {
      LOG.warnf("The lease was lost while %s ran; its outcome is dropped.", attempt.task().type());
    }
    return true;
  }

  private Optional<AttemptEnd> execute(RunningAttempt attempt, Ran ran) {
    TaskHandler<?, ?> handler = handlers.find(attempt.task().type()).orElseThrow();
    RetryPolicy retry = handler.type().retry();
    AttemptEnd said;
    attempt.open();
    try {
      Outcome<?> outcome = scope.withTimeout(attempt, () -> call(handler, attempt));
      said = verdict.of(ran, attempt, retry, outcome);
    } catch (Throwable thrown) {
      said = verdict.failure(ran, attempt, retry, thrown);
    }
    Optional<Stop> stop = attempt.close();
    return stop.isPresent() ? verdict.stopped(ran, attempt, retry, stop.get()) : Optional.of(said);
  }

  private <P> Outcome<?> call(TaskHandler<P, ?> handler, RunningAttempt attempt) throws Exception {
    P payload;
    try {
      payload = mapper.readValue(attempt.task().payload(), handler.type().payload());
    } catch (JsonProcessingException e) {
      return Outcome.giveUp("The payload does not fit the schema of its type.");
    }
    return handler.handle(payload, attempt);
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
      return completer.finish(verdict.unwritable(end.ran(), fault), held);
    }
  }
}
