package dev.trunkline.maintain;

import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.execute.AttemptMetrics;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
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
  private final AttemptMetrics metrics;

  Heartbeat(WorkerRegistration registration, RunningAttempts running, AttemptMetrics metrics) {
    this.registration = registration;
    this.running = running;
    this.metrics = metrics;
  }

  void runOnce() {
    registration.current().ifPresent(this::beat);
  }

  /** True where the worker could not tell for its whole lifetime that it lives. */
  boolean isOverdue() {
    return registration.isOverdue();
  }

  /**
   * Starts over where the lifetime is over. Apart from the beat, which may itself be waiting for a
   * database that does not answer.
   */
  void watch() {
    if (isOverdue()) {
      registration
          .current()
          .ifPresent(worker -> startOver(worker, "its heartbeats have not arrived in time"));
    }
  }

  void beat(WorkerIdentity worker) {
    try {
      if (!registration.heartbeat(worker)) {
        metrics.refused("heartbeat");
        startOver(worker, "it was declared dead");
      }
    } catch (RuntimeException e) {
      LOG.warnf("The heartbeat of %s failed: %s", worker.name(), e.getMessage());
    }
  }

  private void startOver(WorkerIdentity worker, String why) {
    if (registration.forget(worker)) {
      LOG.warnf("Worker %s stops what it runs and starts over: %s.", worker.name(), why);
      running.stopAll(worker, Stop.LEASE_LOST);
    }
  }
}
