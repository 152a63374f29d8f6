package dev.trunkline.remote;

import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Turns the desk. It sleeps where nobody waits. */
@ApplicationScoped
class LeaseLoop {

  private static final Logger LOG = Logger.getLogger(LeaseLoop.class);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofMillis(500);

  private final LeaseDesk desk;
  private final Presence presence;
  private volatile boolean stopping;

  LeaseLoop(LeaseDesk desk, Presence presence) {
    this.desk = desk;
    this.presence = presence;
  }

  void atStart(@Observes StartupEvent event, MeterRegistry meters) {
    Gauge.builder("trunkline.leases.waiting", desk, LeaseDesk::waiting)
        .description("Workers outside of the service that wait for tasks at this process")
        .register(meters);
    // A platform thread: handlers that only compute can keep virtual ones from running.
    Thread.ofPlatform().daemon().name("lease-desk").start(this::loop);
  }

  void onReady(@Observes TasksReady ready) {
    desk.hear();
  }

  /** Before Quarkus waits for the requests that are under way: these may take a minute. */
  void atGoodbye(@Observes ShutdownDelayInitiatedEvent event) {
    desk.close();
  }

  void atShutdown(@Observes ShutdownEvent event) {
    stopping = true;
    desk.close();
  }

  private void loop() {
    try {
      while (!stopping) {
        desk.await(turn());
      }
      desk.runOnce();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration turn() {
    try {
      Duration pause = desk.runOnce();
      writePresence();
      return pause;
    } catch (RuntimeException | Error e) {
      // Without this thread every poll would wait for ever.
      LOG.error("The desk for leases stumbled; it goes on.", e);
      return PAUSE_AFTER_FAULT;
    }
  }

  private void writePresence() {
    try {
      presence.write();
    } catch (RuntimeException e) {
      LOG.debugf("Who asks for work could not be written down: %s", e.getMessage());
    }
  }
}
