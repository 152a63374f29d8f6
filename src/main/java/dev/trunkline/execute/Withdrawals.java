package dev.trunkline.execute;

import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.HandlerRegistry;
import dev.trunkline.task.RetryPolicy;
import dev.trunkline.task.TasksReady;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Takes attempts back before their handlers have begun: those that were claimed ahead and wait
 * longer than was thought, because the tasks before them take long all of a sudden; those that are
 * stopped meanwhile; and all of them when the process shuts down. Where the task is still this
 * worker's it is given back, due at once and with no attempt lost, or it is cancelled.
 */
@Singleton
public class Withdrawals {

  private static final Logger LOG = Logger.getLogger(Withdrawals.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final RunningAttempts running;
  private final HandlerRegistry handlers;
  private final Verdict verdict;
  private final AttemptEndWriter ends;
  private final AttemptScope scope;
  private final AttemptMetrics metrics;
  private final Event<TasksReady> ready;

  Withdrawals(
      RunningAttempts running,
      HandlerRegistry handlers,
      Verdict verdict,
      AttemptEndWriter ends,
      AttemptScope scope,
      AttemptMetrics metrics,
      Event<TasksReady> ready) {
    this.running = running;
    this.handlers = handlers;
    this.verdict = verdict;
    this.ends = ends;
    this.scope = scope;
    this.metrics = metrics;
    this.ready = ready;
  }

  /**
   * Takes back those that are stopped or have waited too long, and tells everybody of what is due
   * again.
   *
   * @throws RuntimeException where the ends could not be written; the tasks are given back later,
   *     like all that this worker holds and does not run
   */
  public void runOnce() {
    if (withdraw(attempt -> attempt.waitsFor(attempt.isCancelled() ? Duration.ZERO : PATIENCE))) {
      // Others may have slots for them now, and here whatever is submitted is not to overtake them.
      ready.fire(new TasksReady(true));
    }
  }

  /**
   * Takes back all that wait; throws as {@link #runOnce} does.
   *
   * @return whether any of them is due again, which nobody has been told
   */
  public boolean all() {
    return withdraw(_ -> true);
  }

  private boolean withdraw(Predicate<RunningAttempt> which) {
    List<RunningAttempt> withdrawn =
        running.all().stream().filter(which).filter(RunningAttempt::withdraw).toList();
    Map<RunningAttempt, AttemptEnd> toWrite = new LinkedHashMap<>();
    for (RunningAttempt attempt : withdrawn) {
      end(attempt).ifPresentOrElse(end -> toWrite.put(attempt, end), metrics::leaseLost);
    }
    boolean settled = false;
    try {
      boolean dueAgain = write(toWrite);
      settled = true;
      return dueAgain;
    } finally {
      for (RunningAttempt attempt : withdrawn) {
        scope.leave(attempt, settled && toWrite.containsKey(attempt));
      }
      if (!withdrawn.isEmpty()) {
        scope.forgetWithdrawn();
      }
    }
  }

  /** Empty where it is not this worker's any more. */
  private Optional<AttemptEnd> end(RunningAttempt attempt) {
    return attempt
        .stopReason()
        .map(stop -> verdict.stopped(attempt, retryOf(attempt), stop))
        .orElseGet(() -> Optional.of(release(attempt)));
  }

  private RetryPolicy retryOf(RunningAttempt attempt) {
    return handlers.find(attempt.task().type()).orElseThrow().type().retry();
  }

  /** True where any of them is due again. */
  private boolean write(Map<RunningAttempt, AttemptEnd> toWrite) {
    if (toWrite.isEmpty()) {
      return false;
    }
    Set<AttemptToken> written = ends.write(List.copyOf(toWrite.values()), List.of());
    toWrite.forEach(
        (attempt, end) ->
            metrics.ended(attempt.task(), end, written.contains(attempt.ran().token())));
    LOG.debugf("%d tasks were taken back before their turn.", toWrite.size());
    return toWrite.values().stream()
        .anyMatch(end -> isReleased(end) && written.contains(end.ran().token()));
  }

  private static boolean isReleased(AttemptEnd end) {
    return end instanceof Setback setback && setback.kind() == Kind.RELEASED;
  }

  private static AttemptEnd release(RunningAttempt attempt) {
    String reason = "Given back: its turn did not come.";
    return new Setback(attempt.ran(), Kind.RELEASED, reason, true, Duration.ZERO);
  }
}
