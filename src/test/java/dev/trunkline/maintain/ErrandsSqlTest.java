package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.maintain.Errands.Errand;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrandsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String WORKER =
      "insert into trunkline.worker (id, name, started_at, heartbeat_at, expires_at, dead_at)"
          + " values (?, 'w', now(), now(), now() + ?::interval, now() + ?::interval)";

  private final Errands errands = new Errands(DATABASE.dataSource());

  @BeforeEach
  void empty() {
    DATABASE.update("delete from trunkline.lease");
    DATABASE.update("delete from trunkline.worker");
    DATABASE.update("delete from trunkline.remote_lease");
    DATABASE.update("delete from trunkline.ready");
  }

  @Test
  void where_nothing_is_wrong_there_is_nothing_to_do() {
    Tasks.in(DATABASE).one();
    DATABASE.update("update trunkline.ready set expires_at = now() + interval '1 minute'");
    UUID worker = UUID.randomUUID();
    DATABASE.update(WORKER, worker, "1 minute", null);
    lease(worker);
    DATABASE.update(WORKER, UUID.randomUUID(), "-1 minute", "-1 minute");

    assertThat(errands.look()).isEmpty();
  }

  @Test
  void a_task_that_has_waited_too_long() {
    Tasks.in(DATABASE).one();
    DATABASE.update("update trunkline.ready set expires_at = now()");

    assertThat(errands.look()).containsExactly(Errand.EXPIRED_TASKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 second", "0"})
  void a_lease_over_http_that_is_over(String left) {
    DATABASE.update(
        "insert into trunkline.remote_lease (task_id, attempt, worker, lasts, started_at,"
            + " heartbeat_at, expires_at, ends_at) values (?, 1, 'w', '1 second', now(), now(),"
            + " now() + ?::interval, now() + '1 hour')",
        Tasks.in(DATABASE).one(),
        left);

    assertThat(errands.look()).containsExactly(Errand.EXPIRED_LEASES);
  }

  @Test
  void a_queue_that_was_first_used_in_a_transaction() {
    DATABASE.update("insert into trunkline.new_queue values ('new')");

    assertThat(errands.look()).containsExactly(Errand.NEW_QUEUES);
    DATABASE.update("delete from trunkline.new_queue");
  }

  @Test
  void a_worker_that_is_silent_and_one_that_is_dead_and_has_left_a_lease() {
    DATABASE.update(WORKER, UUID.randomUUID(), "-1 second", null);
    assertThat(errands.look()).containsExactly(Errand.LOST_WORKERS);

    DATABASE.update("delete from trunkline.worker");
    UUID dead = UUID.randomUUID();
    DATABASE.update(WORKER, dead, "1 minute", "-1 second");
    assertThat(errands.look()).isEmpty();
    lease(dead);
    assertThat(errands.look()).containsExactly(Errand.LOST_WORKERS);
  }

  private static void lease(UUID worker) {
    DATABASE.update(
        "insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)"
            + " values (gen_random_uuid(), ?, array[gen_random_uuid()], array[1], now())",
        worker);
  }
}
