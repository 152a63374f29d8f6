package dev.trunkline.maintain;

import dev.trunkline.claim.DispatchLoop;
import dev.trunkline.claim.Notifier;
import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.execute.AttemptMetrics;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.Withdrawals;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.AttemptEndWriter;
import dev.trunkline.task.AttemptToken;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The goodbye, which costs nothing: claiming stops, running attempts get their grace, and the tasks
 * of those that need longer are given back, due at once and with no attempt lost. Only then are
 * their handlers interrupted, so that nothing they still say counts.
 */
@ApplicationScoped
class Drain {

  private static final Logger LOG = Logger.getLogger(Drain.class);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final DispatchLoop loop;
  private final RunningAttempts running;
  private final Withdrawals withdrawals;
  private final WorkerRegistration registration;
  private final AttemptEndWriter ends;
  private final AttemptMetrics metrics;
  private final Notifier notifier;
  private final Duration grace;

  Drain(
      DispatchLoop loop,
      RunningAttempts running,
      Withdrawals withdrawals,
      WorkerRegistration registration,
      AttemptEndWriter ends,
      AttemptMetrics metrics,
      Notifier notifier,
      TrunklineConfig config) {
    this.loop = loop;
    this.running = running;
    this.withdrawals = withdrawals;
    this.registration = registration;
    this.ends = ends;
    this.metrics = metrics;
    this.notifier = notifier;
    this.grace = config.worker().shutdownGrace();
  }

  void atShutdown(@Observes @Priority(100) ShutdownEvent event) {
    try {
      loop.stop();
      if (withdrawals.all()) {
        // Now, and not after the grace: others may have slots for them.
        notifier.send();
      }
      awaitRunning();
      giveBack();
      registration.current().ifPresent(registration::goodbye);
    } catch (RuntimeException e) {
      LOG.warnf("Not everything could be given back; the lease will end: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitRunning() throws InterruptedException {
    if (!running.isEmpty()) {
      LOG.infof("Waiting up to %s for %d attempts to end.", grace, running.all().size());
    }
    long start = System.nanoTime();
    while (!running.isEmpty() && System.nanoTime() - start < grace.toNanos()) {
      Thread.sleep(LOOK);
    }
  }

  private void giveBack() {
    List<RunningAttempt> left = List.copyOf(running.all());
    if (!left.isEmpty()) {
      LOG.infof("Giving back %d tasks that did not end in time.", left.size());
      try {
        release(left);
      } finally {
        running.stopAll(Stop.SHUTDOWN);
      }
      notifier.send();
    }
  }

  private void release(List<RunningAttempt> left) {
    Set<AttemptToken> written = ends.write(left.stream().map(Drain::release).toList(), List.of());
    left.forEach(it -> metrics.ended(it.task(), release(it), written.contains(it.ran().token())));
  }

  private static AttemptEnd release(RunningAttempt attempt) {
    String reason = "Given back: the worker shut down.";
    return new Setback(attempt.ran(), Kind.RELEASED, reason, true, Duration.ZERO);
  }
}
