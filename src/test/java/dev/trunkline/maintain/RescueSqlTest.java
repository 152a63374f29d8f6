package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.config.TestConfig;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RescueSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final Tasks tasks = Tasks.in(DATABASE);

  @BeforeEach
  void noOtherWorkers() {
    DATABASE.update("delete from trunkline.lease");
    DATABASE.update("delete from trunkline.worker where id <> ?", worker);
  }

  @Test
  void the_open_tasks_of_a_dead_worker_come_back_due_now_as_their_next_attempt() {
    List<UUID> ids = tasks.many(3);
    Tasks.lease(DATABASE, worker, ids);
    Tasks.silence(DATABASE, worker);

    assertThat(rescue()).isTrue();
    assertThat(rescue()).isFalse();

    assertThat(ids).allSatisfy(RescueSqlTest::isBack);
    assertThat(DATABASE.rows("select from trunkline.lease")).isEmpty();
    assertThat(attempts(ids.getFirst()))
        .singleElement()
        .satisfies(
            attempt ->
                assertThat(attempt)
                    .containsEntry("number", 1)
                    .containsEntry("worker", "w1")
                    .containsEntry("outcome", "worker-lost"));
  }

  @Test
  void a_rescued_attempt_began_when_it_was_claimed() {
    UUID task = tasks.one();
    UUID lease = Tasks.lease(DATABASE, worker, List.of(task));
    Object started =
        DATABASE.value(Object.class, "select started_at from trunkline.lease where id = ?", lease);
    Tasks.silence(DATABASE, worker);

    rescue();

    assertThat(attempts(task).getFirst()).containsEntry("started_at", started);
  }

  @Test
  void what_was_finished_in_the_meantime_stays_as_it_is() {
    List<UUID> ids = tasks.many(4);
    Tasks.lease(DATABASE, worker, ids);
    var writer = Ends.writer(DATABASE.dataSource());
    writer.write(
        List.of(
            Ends.success(ids.get(0), 1),
            Ends.setback(ids.get(1), 1, Kind.FAILED),
            Ends.setback(ids.get(2), 1, Kind.CANCELLED)),
        List.of());
    List<Map<String, Object>> before = states(ids.subList(0, 3));
    Tasks.silence(DATABASE, worker);

    rescue();

    assertThat(states(ids.subList(0, 3))).isEqualTo(before);
    isBack(ids.get(3));
  }

  @Test
  void the_last_attempt_is_lost_with_its_task() {
    UUID task = tasks.maxAttempts(1).one();
    Tasks.lease(DATABASE, worker, List.of(task));
    Tasks.silence(DATABASE, worker);

    rescue();

    assertThat(states(List.of(task)).getFirst()).containsEntry("state", "failed");
    assertThat(
            DATABASE.value(
                String.class, "select error ->> 'type' from trunkline.task where id = ?", task))
        .isEqualTo("worker-lost");
  }

  @Test
  void a_task_that_has_lost_a_worker_before_waits_a_while() {
    List<UUID> ids = tasks.maxAttempts(9).many(50);
    Tasks.lease(DATABASE, worker, ids);
    Tasks.silence(DATABASE, worker);
    rescue();
    UUID next = Tasks.worker(DATABASE, "w2");
    Tasks.lease(DATABASE, next, ids);
    Tasks.silence(DATABASE, next);

    rescue();

    // Of fifty waits that are uniform between zero and an eighth of the lease, one is long enough.
    assertThat(
            DATABASE.value(
                Double.class,
                """
                select max(extract(epoch from r.due - a.finished_at))::float8
                from trunkline.ready r
                join trunkline.attempt a on a.task_id = r.task_id and a.number = 2
                """))
        .isBetween(1.0, 30.0 / 8 + 0.1);
  }

  @Test
  void a_living_worker_keeps_what_it_runs() {
    UUID task = tasks.one();
    UUID lease = Tasks.lease(DATABASE, worker, List.of(task));

    assertThat(rescue()).isFalse();

    assertThat(states(List.of(task)).getFirst()).containsEntry("attempt", 1);
    assertThat(DATABASE.column(UUID.class, "select id from trunkline.lease"))
        .containsExactly(lease);
    assertThat(isDead()).isFalse();
  }

  @Test
  void a_lease_that_a_worker_makes_after_its_death_is_found_as_well() {
    Tasks.silence(DATABASE, worker);
    rescue();
    assertThat(isDead()).isTrue();
    UUID task = tasks.one();
    Tasks.lease(DATABASE, worker, List.of(task));

    assertThat(rescue()).isTrue();

    isBack(task);
  }

  @Test
  void more_leases_than_one_turn_takes_are_taken_by_the_next() {
    List<UUID> ids = tasks.many(250);
    ids.forEach(id -> Tasks.lease(DATABASE, worker, List.of(id)));
    Tasks.silence(DATABASE, worker);

    int turns = 0;
    while (rescue()) {
      turns++;
    }

    assertThat(turns).isBetween(1, 3);
    assertThat(ids).allSatisfy(RescueSqlTest::isBack);
  }

  @Test
  void two_who_rescue_at_once_do_no_harm() throws Exception {
    List<UUID> ids = tasks.many(400);
    for (int i = 0; i < ids.size(); i += 4) {
      Tasks.lease(DATABASE, worker, ids.subList(i, i + 4));
    }
    Tasks.silence(DATABASE, worker);
    Callable<Boolean> rescuing =
        () -> {
          boolean more = true;
          while (more) {
            more = rescue();
          }
          return true;
        };

    Crowd.run(Collections.nCopies(3, rescuing));
    rescue();

    assertThat(ids).allSatisfy(RescueSqlTest::isBack);
    assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).hasSize(1));
  }

  @Test
  void the_dead_are_forgotten_after_a_day_unless_they_still_hold_something() {
    UUID empty = Tasks.worker(DATABASE, "empty");
    UUID fresh = Tasks.worker(DATABASE, "fresh");
    DATABASE.update(
        "update trunkline.worker set dead_at = now() - interval '25 hours' where id <> ?", fresh);
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", fresh);
    Tasks.lease(DATABASE, worker, List.of(tasks.one()));

    new Rescuer(
            DATABASE.dataSource(),
            Ends.writer(DATABASE.dataSource()),
            new SimpleMeterRegistry(),
            TestConfig.with(Map.of()))
        .forgetDead();

    assertThat(DATABASE.column(UUID.class, "select id from trunkline.worker"))
        .contains(worker, fresh)
        .doesNotContain(empty);
  }

  private static boolean rescue() {
    return DATABASE.inTransaction(transaction -> rescueOnce(transaction));
  }

  private boolean isDead() {
    return DATABASE.value(
        Boolean.class, "select dead_at is not null from trunkline.worker where id = ?", worker);
  }

  private static void isBack(UUID task) {
    assertThat(
            DATABASE.row(
                """
                select t.state, t.attempt, r.due <= now() as due, r.due = t.run_at as same
                from trunkline.task t join trunkline.ready r on r.task_id = t.id
                where t.id = ?
                """,
                task))
        .containsEntry("state", "open")
        .containsEntry("attempt", 2)
        .containsEntry("due", true)
        .containsEntry("same", true);
  }

  private static List<Map<String, Object>> states(List<UUID> ids) {
    return ids.stream()
        .map(
            id ->
                DATABASE.row(
                    "select state, attempt, run_at, finished_at from trunkline.task where id = ?",
                    id))
        .toList();
  }

  private static List<Map<String, Object>> attempts(UUID id) {
    return DATABASE.rows("select * from trunkline.attempt where task_id = ?", id);
  }

  private static boolean rescueOnce(DataSource transaction) {
    Rescuer rescuer =
        new Rescuer(
            transaction,
            Ends.writer(transaction),
            new SimpleMeterRegistry(),
            TestConfig.with(Map.of()));
    rescuer.declareDead();
    return rescuer.runOnce();
  }
}
