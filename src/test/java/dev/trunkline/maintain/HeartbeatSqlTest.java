package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.Registrations;
import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class HeartbeatSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerRegistration registration = Registrations.in(DATABASE);
  private final RunningAttempts running = new RunningAttempts();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Heartbeat heartbeat =
      new Heartbeat(registration, running, Attempts.metrics(meters));

  @Test
  void a_worker_that_lives_goes_on() {
    WorkerIdentity worker = registration.register();
    RunningAttempt attempt = runFor(worker);

    heartbeat.runOnce();
    heartbeat.watch();

    assertThat(registration.current()).contains(worker);
    assertThat(attempt.isCancelled()).isFalse();
  }

  @Test
  void a_worker_that_was_declared_dead_stops_what_it_runs_and_starts_over() {
    WorkerIdentity worker = registration.register();
    RunningAttempt attempt = runFor(worker);
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", worker.id());

    heartbeat.runOnce();

    assertThat(registration.current()).isEmpty();
    assertThat(meters.get("trunkline.writes.refused").tag("write", "heartbeat").counter().count())
        .isEqualTo(1);
    assertThat(attempt.isCancelled()).isTrue();
  }

  @Test
  void a_worker_whose_heartbeats_stay_away_does_so_without_asking_the_database() {
    WorkerIdentity worker = registration.register();
    RunningAttempt attempt = runFor(worker);

    Awaitility.await()
        .atMost(registration.lifetime().plusSeconds(2))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              heartbeat.watch();
              return registration.current().isEmpty();
            });

    assertThat(attempt.isCancelled()).isTrue();
    assertThat(
            DATABASE.value(
                Boolean.class,
                "select expires_at > now() from trunkline.worker where id = ?",
                worker.id()))
        .as("stopped before anybody else may take over")
        .isTrue();
  }

  @Test
  void the_late_answer_to_a_heartbeat_concerns_the_worker_that_asked_alone() {
    WorkerIdentity old = registration.register();
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", old.id());
    WorkerIdentity successor = registration.register();
    RunningAttempt attempt = runFor(successor);

    heartbeat.beat(old);

    assertThat(registration.current()).contains(successor);
    assertThat(attempt.isCancelled()).isFalse();
  }

  @Test
  void the_late_heartbeat_of_a_former_worker_says_nothing_of_its_successor() {
    WorkerIdentity old = registration.register();
    WorkerIdentity successor = registration.register();

    Awaitility.await()
        .atMost(registration.lifetime().plusSeconds(2))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              registration.heartbeat(old);
              heartbeat.watch();
              return registration.current().isEmpty();
            });

    assertThat(registration.forget(successor)).isFalse();
  }

  private RunningAttempt runFor(WorkerIdentity worker) {
    return Attempts.add(running, UUID.randomUUID(), 1, worker);
  }
}
