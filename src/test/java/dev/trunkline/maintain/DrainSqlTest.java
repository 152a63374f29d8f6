package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.Registrations;
import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.Fired;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.finish.Ends;
import dev.trunkline.handlers.noop.NoopHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DrainSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerRegistration registration = Registrations.in(DATABASE);
  private final RunningAttempts running = new RunningAttempts();

  @Test
  void what_does_not_end_within_the_grace_is_given_back_at_no_cost_and_then_interrupted() {
    WorkerIdentity worker = registration.register();
    UUID task = Tasks.in(DATABASE).maxAttempts(1).one();
    Tasks.lease(DATABASE, worker.id(), List.of(task));
    RunningAttempt attempt = Attempts.add(running, task, 1, worker);

    drain().atShutdown(new ShutdownEvent());

    assertThat(
            DATABASE.row(
                """
                select t.state, t.attempt, t.attempt_limit, a.outcome
                from trunkline.task t join trunkline.attempt a on a.task_id = t.id
                where t.id = ?
                """,
                task))
        .containsEntry("state", "open")
        .containsEntry("attempt", 2)
        .containsEntry("attempt_limit", 2)
        .containsEntry("outcome", "released");
    assertThat(Tasks.isWaiting(DATABASE, task)).isTrue();
    assertThat(attempt.isCancelled()).isTrue();
  }

  @Test
  void what_waits_for_its_turn_is_given_back_at_once() {
    WorkerIdentity worker = registration.register();
    UUID task = Tasks.in(DATABASE).maxAttempts(1).one();
    Tasks.lease(DATABASE, worker.id(), List.of(task));
    RunningAttempt waiting = Attempts.addWaiting(running, task, 1, worker);

    drain().atShutdown(new ShutdownEvent());

    assertThat(Tasks.isWaiting(DATABASE, task)).isTrue();
    assertThat(waiting.isCancelled()).as("there was no handler to stop").isFalse();
  }

  /** Not to be waited for: the grace may be long. */
  @Test
  void and_others_hear_of_it_before_the_grace() throws Exception {
    WorkerIdentity worker = registration.register();
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    Tasks.lease(DATABASE, worker.id(), tasks);
    Attempts.addWaiting(running, tasks.getFirst(), 1, worker);
    RunningAttempt runs = Attempts.add(running, tasks.getLast(), 1, worker);
    try (Notifications heard = new Notifications(DATABASE)) {
      Thread draining =
          Thread.ofPlatform().start(() -> drain("30s").atShutdown(new ShutdownEvent()));

      assertThat(heard.await(Duration.ofSeconds(20))).isTrue();

      assertThat(Tasks.isWaiting(DATABASE, tasks.getFirst())).isTrue();
      assertThat(draining.isAlive()).as("it waits for the other").isTrue();
      Attempts.remove(running, runs);
      draining.join();
    }
  }

  @Test
  void the_worker_says_goodbye() {
    WorkerIdentity worker = registration.register();

    drain().atShutdown(new ShutdownEvent());

    assertThat(registration.current()).isEmpty();
    assertThat(
            DATABASE.value(
                Boolean.class,
                "select dead_at is not null from trunkline.worker where id = ?",
                worker.id()))
        .isTrue();
  }

  private Drain drain() {
    return drain("100ms");
  }

  private Drain drain(String grace) {
    return new Drain(
        Registrations.loopAtRest(),
        running,
        Attempts.withdrawals(new NoopHandler(), running, DATABASE.dataSource(), new Fired<>()),
        registration,
        Ends.writer(DATABASE.dataSource()),
        Attempts.metrics(new SimpleMeterRegistry()),
        Registrations.notifier(DATABASE),
        TestConfig.with(Map.of("trunkline.worker.shutdown-grace", grace)));
  }
}
