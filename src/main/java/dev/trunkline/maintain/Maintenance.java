package dev.trunkline.maintain;

import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.database.Migration;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Says what is done how often. Nothing here is done by one replica for the others: each does it
 * all, and finds nothing left to do where another was faster.
 */
@ApplicationScoped
class Maintenance {

  private static final Logger LOG = Logger.getLogger(Maintenance.class);
  private static final Duration PROGRESS = Duration.ofMillis(250);
  private static final Duration EXPIRY = Duration.ofSeconds(1);
  private static final Duration NUMBERS = Duration.ofSeconds(5);
  private static final Duration FORGETTING = Duration.ofHours(1);

  private final Scheduler scheduler;
  private final Migration migration;
  private final Rescuer rescuer;
  private final Expirer expirer;
  private final WorkerChores worker;
  private final QueueMetrics metrics;
  private final TrunklineConfig config;

  Maintenance(
      Scheduler scheduler,
      Migration migration,
      Rescuer rescuer,
      Expirer expirer,
      WorkerChores worker,
      QueueMetrics metrics,
      TrunklineConfig config) {
    this.scheduler = scheduler;
    this.migration = migration;
    this.rescuer = rescuer;
    this.expirer = expirer;
    this.worker = worker;
    this.metrics = metrics;
    this.config = config;
  }

  void atStart(@Observes StartupEvent event) {
    Duration lease = config.lease().duration();
    if (config.worker().enabled()) {
      every("heartbeat", lease.dividedBy(6), worker::heartbeat);
      every("progress", PROGRESS, worker::writeProgress);
      every("leases", NUMBERS, worker::discardLeases);
    }
    every("rescue", lease.dividedBy(15), rescuer::runUntilDone);
    every("expiry", EXPIRY, expirer::runUntilDone);
    every("numbers", NUMBERS, metrics::runOnce);
    every("forgetting", FORGETTING, rescuer::forgetDead);
  }

  private void every(String what, Duration interval, Runnable task) {
    scheduler
        .newJob(what)
        .setInterval(interval.toString())
        .setConcurrentExecution(ConcurrentExecution.SKIP)
        .setTask(execution -> attempt(what, task), true)
        .schedule();
  }

  private void attempt(String what, Runnable task) {
    if (!migration.isDone()) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.warnf("The %s could not be done; again with its next turn: %s", what, e.getMessage());
      LOG.debug("The fault", e);
    }
  }
}
