package dev.trunkline.execute;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Gives up on handlers that go on although they were interrupted: ends their attempts without them,
 * and frees their slots. A thread cannot be ended from outside, so the handler may run on; what it
 * answers some day is dropped.
 *
 * <p>It writes by itself and not through {@link dev.trunkline.finish.Completer}: it has to know at
 * once whether an end was written, and tries again with its next turn where it was not.
 */
@Singleton
public class Abandoner {

  private static final Logger LOG = Logger.getLogger(Abandoner.class);

  private final RunningAttempts running;
  private final HandlerRegistry handlers;
  private final Verdict verdict;
  private final AttemptEndWriter ends;
  private final AttemptScope scope;
  private final AttemptMetrics metrics;
  private final Event<TasksReady> ready;
  private final Duration patience;

  Abandoner(
      RunningAttempts running,
      HandlerRegistry handlers,
      Verdict verdict,
      AttemptEndWriter ends,
      AttemptScope scope,
      AttemptMetrics metrics,
      Event<TasksReady> ready,
      TrunklineConfig config) {
    this.running = running;
    this.handlers = handlers;
    this.verdict = verdict;
    this.ends = ends;
    this.scope = scope;
    this.metrics = metrics;
    this.ready = ready;
    this.patience = config.worker().interruptGrace();
  }

  /**
   * Looks once at all that runs.
   *
   * @throws RuntimeException where an end could not be written; the next turn tries again
   */
  public void runOnce() {
    for (RunningAttempt attempt : running.all()) {
      if (attempt.abandon(patience)) {
        endWithoutHandler(attempt);
      }
    }
  }

  private void endWithoutHandler(RunningAttempt attempt) {
    Optional<AttemptEnd> end =
        verdict.stopped(
            attempt,
            handlers.find(attempt.task().type()).orElseThrow().type().retry(),
            attempt.stopReason().orElseThrow());
    Optional<Boolean> written =
        end.map(it -> ends.write(List.of(it), List.of()).contains(attempt.task().token()));
    end.ifPresentOrElse(it -> ended(attempt, it, written.orElseThrow()), metrics::leaseLost);
    metrics.abandoned(attempt.task());
    report(attempt);
    scope.leave(attempt, end.isPresent());
    if (written.orElse(false)) {
      // It may be due again at any time from now on.
      ready.fire(new TasksReady(false));
    }
  }

  private void ended(RunningAttempt attempt, AttemptEnd end, boolean written) {
    metrics.ended(attempt.task(), end, written);
    attempt.span().ended(end, written);
  }

  private static void report(RunningAttempt attempt) {
    Throwable where = new Throwable("where the handler is");
    where.setStackTrace(attempt.whereHandlerIs());
    LOG.errorf(
        where,
        "The handler of %s ignores its interrupt (%s); attempt %d of task %s is abandoned.",
        attempt.task().type(),
        attempt.stopReason().orElseThrow(),
        attempt.attempt(),
        attempt.taskId());
  }
}
