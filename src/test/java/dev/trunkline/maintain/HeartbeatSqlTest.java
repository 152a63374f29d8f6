package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.Registrations;
import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.execute.WorkerIdentity;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class HeartbeatSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerRegistration registration = Registrations.in(DATABASE);
  private final RunningAttempts running = new RunningAttempts();
  private final Heartbeat heartbeat = new Heartbeat(registration, running);
  private final RunningAttempt attempt = Attempts.add(running, UUID.randomUUID(), 1);

  @Test
  void a_worker_that_lives_goes_on() {
    WorkerIdentity worker = registration.register();

    heartbeat.runOnce();
    heartbeat.watch();

    assertThat(registration.current()).contains(worker);
    assertThat(attempt.isCancelled()).isFalse();
  }

  @Test
  void a_worker_that_was_declared_dead_stops_what_it_runs_and_starts_over() {
    WorkerIdentity worker = registration.register();
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", worker.id());

    heartbeat.runOnce();

    assertThat(registration.current()).isEmpty();
    assertThat(attempt.isCancelled()).isTrue();
  }

  @Test
  void a_worker_whose_heartbeats_stay_away_does_so_without_asking_the_database() {
    registration.register();

    Awaitility.await()
        .atMost(registration.lifetime().plusSeconds(2))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              heartbeat.watch();
              return registration.current().isEmpty();
            });

    assertThat(attempt.isCancelled()).isTrue();
  }
}
