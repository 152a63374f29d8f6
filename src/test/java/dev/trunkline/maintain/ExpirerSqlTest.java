package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Crowd;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class ExpirerSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final Duration PAST = Duration.ofSeconds(-1);

  private final Expirer expirer = new Expirer(DATABASE.dataSource());
  private final Tasks tasks = Tasks.in(DATABASE);

  @Test
  void a_task_that_was_not_started_in_time_fails_as_expired() {
    UUID task = tasks.expiresIn(PAST).one();

    runUntilDone();

    assertThat(task(task))
        .containsEntry("state", "failed")
        .containsEntry("type", "expired")
        .containsEntry("attempt", 1)
        .containsEntry("waits", false)
        .containsEntry("listed", "failed")
        .containsEntry("dated", true);
  }

  @Test
  void one_that_is_scheduled_for_later_expires_too() {
    UUID task = tasks.dueIn(Duration.ofHours(1)).expiresIn(PAST).one();

    runUntilDone();

    assertThat(task(task)).containsEntry("state", "failed");
  }

  @Test
  void one_that_waits_for_its_next_attempt_expires_as_well() {
    UUID task = tasks.expiresIn(PAST).one();
    Tasks.lease(DATABASE, Tasks.worker(DATABASE, "w1"), List.of(task));
    Ends.writer(DATABASE.dataSource())
        .write(List.of(Ends.setback(task, 1, Kind.FAILED)), List.of());

    runUntilDone();

    assertThat(task(task))
        .containsEntry("state", "failed")
        .containsEntry("type", "expired")
        .containsEntry("attempt", 2);
  }

  @Test
  void one_that_somebody_was_told_is_being_cancelled_is_cancelled() {
    UUID task = tasks.expiresIn(PAST).one();
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", task);

    runUntilDone();

    assertThat(task(task))
        .containsEntry("state", "cancelled")
        .containsEntry("type", null)
        .containsEntry("listed", "cancelled");
  }

  @Test
  void one_that_runs_or_has_time_left_is_left_alone() {
    UUID running = tasks.expiresIn(PAST).one();
    Tasks.lease(DATABASE, Tasks.worker(DATABASE, "w1"), List.of(running));
    UUID inTime = tasks.expiresIn(Duration.ofHours(1)).one();
    UUID endless = tasks.expiresIn(null).one();

    runUntilDone();

    assertThat(List.of(running, inTime, endless))
        .allSatisfy(task -> assertThat(task(task)).containsEntry("state", "open"));
  }

  @Test
  void many_are_ended_a_bounded_number_at_a_time() {
    runUntilDone();
    tasks.expiresIn(PAST).many(1_200);

    assertThat(expirer.runOnce()).isTrue();
    assertThat(left()).isEqualTo(700);
    assertThat(expirer.runOnce()).isTrue();
    assertThat(expirer.runOnce()).isTrue();
    assertThat(left()).isZero();
    assertThat(expirer.runOnce()).isFalse();
  }

  @Test
  void one_that_is_being_claimed_is_passed_over() throws Exception {
    UUID task = tasks.expiresIn(PAST).one();
    try (Connection claim = DATABASE.connect();
        Statement statement = claim.createStatement()) {
      claim.setAutoCommit(false);
      statement.execute("delete from trunkline.ready where task_id = '" + task + "'");

      runUntilDone();
      assertThat(task(task)).containsEntry("state", "open");
      claim.commit();
    }
    runUntilDone();
    assertThat(task(task)).containsEntry("state", "open");
  }

  @Test
  void several_at_once_end_each_task_once() throws Exception {
    List<UUID> late = tasks.expiresIn(PAST).many(1_000);
    Callable<Boolean> expiring =
        () -> {
          runUntilDone();
          return true;
        };

    Crowd.run(Collections.nCopies(3, expiring));
    runUntilDone();

    assertThat(late).allSatisfy(task -> assertThat(task(task)).containsEntry("state", "failed"));
  }

  private void runUntilDone() {
    boolean more = true;
    while (more) {
      more = expirer.runOnce();
    }
  }

  private static long left() {
    return DATABASE.count("select count(*) from trunkline.ready where expires_at <= now()");
  }

  private static Map<String, Object> task(UUID id) {
    return DATABASE.row(
        """
        select t.state, t.attempt, t.error ->> 'type' as type, u.state as listed,
          t.finished_at = u.finished_at as dated,
          exists (select from trunkline.ready r where r.task_id = t.id) as waits
        from trunkline.task t left join trunkline.unsuccessful u on u.task_id = t.id
        where t.id = ?
        """,
        id);
  }
}
