package dev.trunkline.execute;

import dev.trunkline.config.TestConfig;
import dev.trunkline.task.AttemptToken;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Attempts that run, for tests. */
public final class Attempts {

  static final WorkerIdentity WORKER = new WorkerIdentity(UUID.randomUUID(), "w1");

  private Attempts() {}

  public static ClaimedTask claimed(UUID task, int attempt) {
    return claimed(task, attempt, UUID.randomUUID(), 0);
  }

  static ClaimedTask claimed(UUID task, int attempt, UUID lease, int failuresBefore) {
    Instant start = Instant.parse("2026-03-01T12:00:00Z");
    return new ClaimedTask(
        new AttemptToken(task, attempt),
        lease,
        "test",
        "default",
        "{}",
        failuresBefore,
        3,
        Duration.ofMinutes(1),
        start,
        start);
  }

  static RunningAttempt running() {
    return new RunningAttempt(claimed(UUID.randomUUID(), 1), WORKER);
  }

  public static AttemptMetrics metrics(MeterRegistry meters) {
    return new AttemptMetrics(meters, new Slots(TestConfig.with(Map.of())));
  }

  /** Adds one to those that run in the process. */
  public static RunningAttempt add(RunningAttempts running, UUID task, int attempt) {
    return add(running, task, attempt, WORKER);
  }

  /** Adds one that a certain worker holds. */
  public static RunningAttempt add(
      RunningAttempts running, UUID task, int attempt, WorkerIdentity worker) {
    RunningAttempt added = new RunningAttempt(claimed(task, attempt), worker);
    running.add(added);
    return added;
  }
}
