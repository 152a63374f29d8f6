package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExpiredLeasesSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String OVER =
      "update trunkline.remote_lease set expires_at = clock_timestamp() - interval '1 ms'";

  private final Tasks tasks = Tasks.in(DATABASE);

  @BeforeEach
  void nothingIsThere() {
    DATABASE.update("delete from trunkline.ready");
    DATABASE.update("delete from trunkline.remote_lease");
  }

  @Test
  void a_task_whose_lease_is_over_comes_back_due_now_as_its_next_attempt() {
    UUID task = leased(tasks).getFirst();
    Object started = DATABASE.value(Object.class, "select started_at from trunkline.remote_lease");
    DATABASE.update(OVER);

    assertThat(rescue()).isTrue();
    assertThat(rescue()).isFalse();

    assertThat(isBack(task)).isTrue();
    assertThat(
            DATABASE.row("select * from trunkline.attempt where task_id = ? and number = 1", task))
        .containsEntry("outcome", "worker-lost")
        .containsEntry("worker", "w1")
        .containsEntry("started_at", started);
    assertThat(DATABASE.rows("select from trunkline.remote_lease")).isEmpty();
  }

  @Test
  void one_whose_timeout_was_over_too_has_timed_out_and_waits_a_while() {
    UUID task = leased(tasks).getFirst();
    DATABASE.update(
        "update trunkline.remote_lease set ends_at = now() - interval '1 ms', expires_at = now()"
            + " - interval '1 ms'");

    rescue();

    assertThat(
            DATABASE.row(
                """
                select a.outcome, t.error ->> 'type' as type, t.error ->> 'message' as message,
                  t.attempt, r.due - a.finished_at between interval '0' and interval '1.1 s' as soon
                from trunkline.task t
                join trunkline.attempt a on a.task_id = t.id
                join trunkline.ready r on r.task_id = t.id
                where t.id = ?
                """,
                task))
        .containsEntry("outcome", "timed-out")
        .containsEntry("type", "timed-out")
        .containsEntry("message", "The attempt took longer than PT1M.")
        .containsEntry("attempt", 2)
        .containsEntry("soon", true);
  }

  @Test
  void a_lease_that_lasts_is_left() {
    UUID task = leased(tasks).getFirst();

    assertThat(rescue()).isFalse();

    assertThat(DATABASE.column(UUID.class, "select task_id from trunkline.remote_lease"))
        .containsExactly(task);
  }

  @Test
  void the_last_attempt_is_lost_with_its_task() {
    UUID task = leased(tasks.maxAttempts(1)).getFirst();
    DATABASE.update(OVER);

    rescue();

    assertThat(
            DATABASE.row(
                "select state, error ->> 'type' as type from trunkline.task where id = ?", task))
        .containsEntry("state", "failed")
        .containsEntry("type", "worker-lost");
  }

  @Test
  void one_that_somebody_wants_cancelled_is_cancelled() {
    UUID task = leased(tasks).getFirst();
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", task);
    DATABASE.update(OVER);

    rescue();

    assertThat(DATABASE.value(String.class, "select state from trunkline.task where id = ?", task))
        .isEqualTo("cancelled");
  }

  @Test
  void what_is_lost_again_and_again_waits_longer() {
    List<UUID> ids = leased(tasks.maxAttempts(9), 50);
    DATABASE.update(OVER);
    rescue();
    assertThat(RemoteClaims.ofType("test").idsOn(DATABASE)).hasSize(50);
    DATABASE.update(OVER);

    rescue();

    assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).isEqualTo(2));
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
  void a_lease_that_is_just_being_ended_is_not_waited_for() throws SQLException {
    leased(tasks);
    DATABASE.update(OVER);
    try (Connection worker = DATABASE.connect();
        Statement ending = worker.createStatement()) {
      worker.setAutoCommit(false);
      ending.execute("select from trunkline.remote_lease for update");

      assertThat(rescue()).isFalse();
      worker.rollback();
    }
    assertThat(rescue()).isTrue();
  }

  @Test
  void those_who_rescue_at_once_do_no_harm() throws Exception {
    List<UUID> ids = leased(tasks, 900);
    DATABASE.update(OVER);
    Callable<Boolean> rescuing =
        () -> {
          boolean more = true;
          while (more) {
            more = rescue();
          }
          return true;
        };

    Crowd.run(Collections.nCopies(3, rescuing));

    assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).isEqualTo(1));
    assertThat(DATABASE.count("select count(*) from trunkline.ready")).isEqualTo(900);
  }

  private static List<UUID> leased(Tasks some) {
    return leased(some, 1);
  }

  private static List<UUID> leased(Tasks some, int count) {
    List<UUID> ids = some.many(count);
    assertThat(RemoteClaims.ofType("test").atMost(count).idsOn(DATABASE)).hasSize(count);
    return ids;
  }

  private static boolean isBack(UUID task) {
    return DATABASE.value(
        Boolean.class,
        """
        select t.attempt = 2 and t.state = 'open' and r.due <= now() and r.due = t.run_at
        from trunkline.task t
        join trunkline.ready r on r.task_id = t.id
        where t.id = ?
        """,
        task);
  }

  private static long attempts(UUID task) {
    return DATABASE.count("select count(*) from trunkline.attempt where task_id = ?", task);
  }

  private static boolean rescue() {
    return Rescues.ofLeases(DATABASE);
  }
}
