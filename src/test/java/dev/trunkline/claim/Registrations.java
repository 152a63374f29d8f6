package dev.trunkline.claim;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.Registries;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.UUID;

/** Workers of a test's own. */
public final class Registrations {

  private Registrations() {}

  /** A worker with the shortest lease there is. */
  public static WorkerRegistration in(TestDatabase database) {
    return new WorkerRegistration(
        database.dataSource(),
        TestConfig.with(Map.of("trunkline.worker.name", "w1", "trunkline.lease.duration", "5s")),
        Registries.of());
  }

  public static Claimer claimer(TestDatabase database) {
    return new Claimer(database.dataSource());
  }

  /** A loop that has not been started, for what stops it. */
  public static DispatchLoop loopAtRest() {
    return new DispatchLoop(
        null, directClaims(), null, null, null, null, TestConfig.with(Map.of()));
  }

  /** Never any, for nobody opens them. */
  public static DirectClaims directClaims() {
    return new DirectClaims(
        TestConfig.with(Map.of("trunkline.worker.enabled", "false")),
        null,
        null,
        null,
        null,
        null,
        new SimpleMeterRegistry());
  }

  public static Notifier notifier(TestDatabase database) {
    return new Notifier(database.dataSource());
  }

  /** As the heartbeat does it when its worker was declared dead. */
  static void giveUp(WorkerRegistration registration, RunningAttempts running) {
    WorkerIdentity worker = registration.current().orElseThrow();
    registration.forget(worker);
    running.stopAll(worker, Stop.LEASE_LOST);
  }

  /** As the dispatcher does it when the claim of this lease brings no answer. */
  public static void failed(Claimer claimer, UUID lease) {
    claimer.failed(lease);
  }
}
