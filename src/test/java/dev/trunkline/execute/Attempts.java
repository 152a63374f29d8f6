package dev.trunkline.execute;

import com.arjuna.ats.jta.TransactionManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.config.TestConfig;
import dev.trunkline.config.TrunklineConfig;
import dev.trunkline.finish.Completer;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.Registries;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TasksReady;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.event.Event;
import jakarta.validation.Validation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Attempts that run, for tests. */
public final class Attempts {

  static final WorkerIdentity WORKER = new WorkerIdentity(UUID.randomUUID(), "w1");

  static final AttemptSpans SPANS = new AttemptSpans(OpenTelemetry.noop(), true);

  private Attempts() {}

  public static ClaimedTask claimed(UUID task, int attempt) {
    return claimed(task, attempt, UUID.randomUUID(), 0);
  }

  static ClaimedTask claimed(UUID task, int attempt, UUID lease, int failuresBefore) {
    return claimed(task, attempt, lease, failuresBefore, Duration.ofMinutes(1));
  }

  private static ClaimedTask claimed(
      UUID task, int attempt, UUID lease, int failuresBefore, Duration timeout) {
    return claimed(task, attempt, lease, failuresBefore, timeout, "{}");
  }

  private static ClaimedTask claimed(
      UUID task, int attempt, UUID lease, int failuresBefore, Duration timeout, String payload) {
    Instant start = Instant.parse("2026-03-01T12:00:00Z");
    return new ClaimedTask(
        new AttemptToken(task, attempt),
        lease,
        "test",
        "default",
        payload,
        failuresBefore,
        3,
        timeout,
        start,
        start,
        null);
  }

  static RunningAttempt running() {
    return new RunningAttempt(claimed(UUID.randomUUID(), 1), WORKER);
  }

  static RunningAttempt running(String payload) {
    return new RunningAttempt(
        claimed(UUID.randomUUID(), 1, UUID.randomUUID(), 0, Duration.ofMinutes(1), payload),
        WORKER);
  }

  static RunningAttempt running(Duration timeout) {
    return new RunningAttempt(claimed(UUID.randomUUID(), 1, UUID.randomUUID(), 0, timeout), WORKER);
  }

  public static AttemptMetrics metrics(MeterRegistry meters) {
    return new AttemptMetrics(meters, new Runners(slots(Map.of())));
  }

  static Slots slots(Map<String, String> settings) {
    TrunklineConfig config = TestConfig.with(settings);
    return new Slots(config, new Pace(config));
  }

  /** So many for each queue. */
  public static Slots slots(int concurrency) {
    return slots(Map.of("trunkline.worker.concurrency", Integer.toString(concurrency)));
  }

  /** Slots of which somebody hears when one is taken. */
  public static Slots slots(Runnable onTake, Map<String, String> settings) {
    TrunklineConfig config = TestConfig.with(settings);
    return new Slots(config, new Pace(config)) {
      @Override
      void take(String queue) {
        onTake.run();
        super.take(queue);
      }
    };
  }

  /** Runs attempts of one handler, and writes their ends to a database. */
  public static TaskExecutor executor(
      TaskHandler<?, ?> handler, Slots slots, RunningAttempts running, DataSource dataSource) {
    Completer completer = Ends.completer(dataSource);
    Verdict verdict = new Verdict(new ObjectMapper());
    HandlerCall call =
        new HandlerCall(
            new ObjectMapper(),
            Validation.buildDefaultValidatorFactory().getValidator(),
            verdict,
            new Timeouts());
    return new TaskExecutor(
        Registries.of(handler),
        call,
        new EffectOnce(
            call, verdict, Ends.writer(dataSource), TransactionManager.transactionManager(), 1),
        completer,
        new AttemptScope(
            slots, new Runners(slots), running, new Leases(completer), SPANS, new Fired<>()),
        new AttemptMetrics(new SimpleMeterRegistry(), new Runners(slots)),
        new Fired<>());
  }

  /** Adds one to those that run in the process. */
  public static RunningAttempt add(RunningAttempts running, UUID task, int attempt) {
    return add(running, task, attempt, WORKER);
  }

  /** Adds one that a certain worker holds. */
  public static RunningAttempt add(
      RunningAttempts running, UUID task, int attempt, WorkerIdentity worker) {
    RunningAttempt added = addWaiting(running, task, attempt, worker);
    added.takePlace();
    return added;
  }

  /** Adds one whose turn has not come. */
  public static RunningAttempt addWaiting(
      RunningAttempts running, UUID task, int attempt, WorkerIdentity worker) {
    RunningAttempt added = new RunningAttempt(claimed(task, attempt), worker);
    running.add(added);
    return added;
  }

  /** Takes one away, as its end does. */
  public static void remove(RunningAttempts running, RunningAttempt attempt) {
    running.remove(attempt);
  }

  /** Takes back what waits of these attempts. */
  public static Withdrawals withdrawals(
      TaskHandler<?, ?> handler,
      RunningAttempts running,
      DataSource dataSource,
      Event<TasksReady> ready) {
    Slots slots = slots(Map.of());
    return new Withdrawals(
        running,
        Registries.of(handler),
        new Verdict(new ObjectMapper()),
        Ends.writer(dataSource),
        new AttemptScope(
            slots,
            new Runners(slots),
            running,
            new Leases(Ends.completer(dataSource)),
            SPANS,
            new Fired<>()),
        new AttemptMetrics(new SimpleMeterRegistry(), new Runners(slots)),
        ready);
  }
}
