package dev.trunkline.maintain;

import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Keeps this worker alive: one statement for the process, not one for each task. A worker that is
 * declared dead, or could not tell the database that it lives until its lifetime is over, stops
 * what it runs, for others may run it by now, and starts over as a new worker.
 */
@ApplicationScoped
class Heartbeat {

  private static final Logger LOG = Logger.getLogger(Heartbeat.class);

  private final WorkerRegistration registration;
  private final RunningAttempts running;
  private volatile Beat last = new Beat(Optional.empty(), System.nanoTime());

  Heartbeat(WorkerRegistration registration, RunningAttempts running) {
    this.registration = registration;
    this.running = running;
  }

  void runOnce() {
    registration.current().ifPresent(this::beat);
  }

  private void beat(WorkerIdentity worker) {
    // Read before the statement is sent: the database's count begins later than this one.
    long sent = System.nanoTime();
    try {
      if (registration.heartbeat(worker)) {
        last = new Beat(Optional.of(worker), sent);
      } else {
        startOver(worker, "it was declared dead");
      }
    } catch (RuntimeException e) {
      LOG.warnf("The heartbeat of %s failed: %s", worker.name(), e.getMessage());
      if (isOver(worker)) {
        startOver(worker, "its heartbeats have not reached the database in time");
      }
    }
  }

  private boolean isOver(WorkerIdentity worker) {
    if (!last.worker.equals(Optional.of(worker))) {
      last = new Beat(Optional.of(worker), System.nanoTime());
    }
    Duration silence = Duration.ofNanos(System.nanoTime() - last.nanos);
    return silence.compareTo(registration.lifetime()) >= 0;
  }

  private void startOver(WorkerIdentity worker, String why) {
    LOG.warnf("Worker %s stops what it runs and starts over: %s.", worker.name(), why);
    registration.forget(worker);
    running.stopAll(Stop.LEASE_LOST);
  }

  private record Beat(Optional<WorkerIdentity> worker, long nanos) {}
}
