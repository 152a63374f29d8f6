package dev.trunkline.finish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.OneConnection;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CancelSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final AttemptEndWriter writer = Ends.writer(DATABASE.dataSource());

  @Test
  void a_task_that_waits_is_cancelled_at_once() {
    UUID queued = Tasks.in(DATABASE).one();
    UUID scheduled = Tasks.in(DATABASE).dueIn(Duration.ofDays(1)).one();

    assertThat(List.of(cancel(queued), cancel(scheduled))).containsOnly(true);

    for (UUID id : List.of(queued, scheduled)) {
      assertThat(task(id))
          .containsEntry("state", "cancelled")
          .containsEntry("ready", 0L)
          .containsEntry("unsuccessful", "cancelled")
          .containsEntry("attempts", 0L);
    }
  }

  @Test
  void of_a_running_one_only_the_wish_is_written() {
    UUID id = running();

    assertThat(cancel(id)).isFalse();
    Object first = task(id).get("cancel_requested_at");
    assertThat(cancel(id)).isFalse();

    assertThat(task(id)).containsEntry("state", "open").containsEntry("cancel_requested_at", first);
    assertThat(first).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void however_its_attempt_ends_then_the_task_is_cancelled(Kind kind) {
    UUID id = running();
    cancel(id);

    write(Ends.setback(id, 1, kind));

    assertThat(task(id))
        .containsEntry("state", "cancelled")
        .containsEntry("ready", 0L)
        .containsEntry("attempts", 1L)
        .containsEntry("cancel_requested_at", null);
  }

  @Test
  void unless_it_succeeds_first() {
    UUID id = running();
    cancel(id);

    write(Ends.success(id, 1));

    assertThat(task(id)).containsEntry("state", "succeeded");
  }

  @Test
  void what_is_final_stays() {
    UUID id = running();
    write(Ends.success(id, 1));

    assertThatThrownBy(() -> cancel(id))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused ->
                assertThat(refused.refusal())
                    .isEqualTo(
                        new Refusal.WrongState(
                            id, TaskState.SUCCEEDED, "scheduled, queued or running")));
    assertThat(task(id)).containsEntry("state", "succeeded");
  }

  @Test
  void one_that_is_being_claimed_counts_as_running() throws SQLException {
    UUID id = Tasks.in(DATABASE).one();
    try (Connection claim = DATABASE.connect();
        Statement lock = claim.createStatement()) {
      claim.setAutoCommit(false);
      lock.execute("select from trunkline.ready where task_id = '" + id + "' for update");

      assertThat(cancel(id)).isFalse();
      claim.rollback();
    }
    assertThat(task(id))
        .containsEntry("state", "open")
        .doesNotContainEntry("cancel_requested_at", null);
  }

  @Test
  void a_cancellation_waits_for_an_end_that_is_being_written_and_sees_what_it_did()
      throws Exception {
    UUID id = running();
    try (Connection ending = DATABASE.connect();
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      ending.setAutoCommit(false);
      Ends.writer(new OneConnection(ending))
          .write(List.of(Ends.setback(id, 1, Kind.FAILED)), List.of());
      Future<Boolean> cancelled = threads.submit(() -> cancel(id));
      Awaitility.await().until(() -> waitsForALock());
      ending.commit();

      assertThat(cancelled.get()).as("the task waits again").isTrue();
    }
    assertThat(task(id)).containsEntry("state", "cancelled").containsEntry("ready", 0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {CancelSql.CANCEL_WAITING, CancelSql.REQUEST})
  void no_statement_relies_on_the_look_at_the_state_before_it(String statement) {
    UUID id = Tasks.in(DATABASE).one();
    // With its ready row left behind, which never happens.
    write(Ends.success(id, 1));

    DATABASE.update(statement, id);

    assertThat(task(id))
        .containsEntry("state", "succeeded")
        .containsEntry("unsuccessful", null)
        .containsEntry("cancel_requested_at", null);
  }

  @Test
  void a_task_that_is_not_there_is_not_cancelled() {
    UUID unknown = UUID.randomUUID();

    assertThatThrownBy(() -> cancel(unknown))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused ->
                assertThat(refused.refusal())
                    .isEqualTo(new Refusal.NoSuchTask(unknown.toString())));
  }

  private static boolean waitsForALock() {
    return DATABASE.count(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'")
        > 0;
  }

  private UUID running() {
    UUID id = Tasks.in(DATABASE).one();
    Tasks.lease(DATABASE, worker, List.of(id));
    return id;
  }

  private void write(AttemptEnd end) {
    assertThat(writer.write(List.of(end), List.of())).hasSize(1);
  }

  private static boolean cancel(UUID id) {
    return DATABASE.inTransaction(transaction -> new Canceller(transaction).cancel(id));
  }

  private static Map<String, Object> task(UUID id) {
    return DATABASE.row(
        """
        select state, cancel_requested_at,
          (select count(*) from trunkline.ready where task_id = t.id) as ready,
          (select u.state from trunkline.unsuccessful u where u.task_id = t.id) as unsuccessful,
          (select count(*) from trunkline.attempt where task_id = t.id) as attempts
        from trunkline.task t where id = ?
        """,
        id);
  }
}
