package dev.trunkline.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.WorkerIdentity;
import dev.trunkline.task.Registries;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerRegistration registration =
      new WorkerRegistration(
          DATABASE.dataSource(),
          TestConfig.with(Map.of("trunkline.worker.name", "w1", "trunkline.lease.duration", "30s")),
          Registries.of());

  @Test
  void a_new_worker_lives_a_little_less_than_the_lease() {
    WorkerIdentity worker = registration.register();

    assertThat(registration.current()).contains(worker);
    assertThat(registration.lifetime()).isEqualTo(Duration.ofSeconds(24));
    assertThat(
            DATABASE.row(
                """
                select name, dead_at, started_at = heartbeat_at as fresh,
                  expires_at - heartbeat_at = interval '24 seconds' as lives
                from trunkline.worker where id = ?
                """,
                worker.id()))
        .containsEntry("name", "w1")
        .containsEntry("dead_at", null)
        .containsEntry("fresh", true)
        .containsEntry("lives", true);
  }

  @Test
  void a_worker_says_what_it_can_do_and_with_each_heartbeat_what_it_can_run() {
    WorkerRegistration telling =
        new WorkerRegistration(
            DATABASE.dataSource(),
            TestConfig.with(
                Map.of(
                    "trunkline.worker.queues", "one,two",
                    "trunkline.worker.concurrency", "7",
                    "trunkline.queues.\"chess\".concurrency", "2")),
            Registries.of());
    WorkerIdentity worker = telling.register();
    String told =
        """
        select types::text, queues::text, capacity, capacities::text
        from trunkline.worker where id = ?
        """;

    assertThat(DATABASE.row(told, worker.id()))
        .containsEntry("types", "{}")
        .containsEntry("queues", "{one,two}")
        .containsEntry("capacity", 7)
        .containsEntry("capacities", "{\"chess\": 2}");
    DATABASE.update("update trunkline.worker set types = '{old}' where id = ?", worker.id());
    telling.heartbeat(worker);
    assertThat(DATABASE.row(told, worker.id())).containsEntry("types", "{}");
    assertThat(DATABASE.row(told, registration.register().id()))
        .containsEntry("queues", null)
        .containsEntry("capacities", "{}");
  }

  @Test
  void every_registration_is_another_worker() {
    assertThat(registration.register()).isNotEqualTo(registration.register());
  }

  @Test
  void a_heartbeat_moves_the_end_on() {
    WorkerIdentity worker = registration.register();
    expire(worker);

    assertThat(registration.heartbeat(worker)).isTrue();

    assertThat(
            DATABASE.value(
                Boolean.class,
                """
                select expires_at > now() and expires_at - heartbeat_at = interval '24 seconds'
                from trunkline.worker where id = ?
                """,
                worker.id()))
        .isTrue();
  }

  @Test
  void the_heartbeat_of_a_dead_worker_fails_and_does_not_revive_it() {
    WorkerIdentity worker = registration.register();
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", worker.id());
    expire(worker);

    assertThat(registration.heartbeat(worker)).isFalse();
    assertThat(isOver(worker)).isTrue();
  }

  @Test
  void a_heartbeat_is_one_workers_own() {
    WorkerIdentity other = registration.register();
    expire(other);
    WorkerIdentity worker = registration.register();

    assertThat(registration.heartbeat(worker)).isTrue();
    assertThat(isOver(other)).isTrue();
  }

  @Test
  void a_goodbye_makes_it_dead_at_once_and_nobody_is_current() {
    WorkerIdentity worker = registration.register();

    registration.goodbye(worker);

    assertThat(registration.current()).isEmpty();
    assertThat(registration.heartbeat(worker)).isFalse();
  }

  @Test
  void only_the_current_worker_is_forgotten() {
    WorkerIdentity old = registration.register();
    WorkerIdentity worker = registration.register();

    registration.forget(old);
    assertThat(registration.current()).contains(worker);
    registration.forget(worker);
    assertThat(registration.current()).isEmpty();
  }

  private static void expire(WorkerIdentity worker) {
    DATABASE.update(
        "update trunkline.worker set expires_at = now() - interval '1 hour' where id = ?",
        worker.id());
  }

  private static boolean isOver(WorkerIdentity worker) {
    return DATABASE.value(
        Boolean.class, "select expires_at < now() from trunkline.worker where id = ?", worker.id());
  }
}
