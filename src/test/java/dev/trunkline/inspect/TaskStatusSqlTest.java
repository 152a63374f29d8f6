package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.RemoteClaims;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.Ends;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskStatusSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final UUID worker = Tasks.worker(DATABASE, "now-running");
  private final Tasks tasks = Tasks.in(DATABASE);

  @Test
  void before_it_is_due_it_is_scheduled() {
    assertThat(status(tasks.dueIn(Duration.ofHours(1)).one()))
        .containsEntry("state", "scheduled")
        .containsEntry("worker", null)
        .containsEntry("started_at", null)
        .containsEntry("finished_at", null);
  }

  @Test
  void due_and_waiting_it_is_queued() {
    assertThat(status(tasks.one())).containsEntry("state", "queued").containsEntry("attempt", 1);
  }

  @Test
  void claimed_it_runs_and_says_where_and_since_when() {
    List<UUID> ids = tasks.many(3);
    UUID lease = Tasks.lease(DATABASE, worker, ids);
    Object started =
        DATABASE.value(Object.class, "select started_at from trunkline.lease where id = ?", lease);

    assertThat(ids)
        .allSatisfy(
            id ->
                assertThat(status(id))
                    .containsEntry("state", "running")
                    .containsEntry("worker", "now-running")
                    .containsEntry("started_at", started)
                    .containsEntry("finished_at", null));
  }

  @Test
  void leased_to_somebody_outside_it_runs_and_says_where_and_since_when() {
    UUID task = tasks.type("outside").one();
    assertThat(RemoteClaims.ofType("outside").idsOn(DATABASE)).containsExactly(task);

    assertThat(status(task))
        .containsEntry("state", "running")
        .containsEntry("worker", "w1")
        .containsEntry(
            "started_at",
            DATABASE.value(
                Object.class,
                "select started_at from trunkline.remote_lease where task_id = ?",
                task));
  }

  @Test
  void waiting_for_its_next_attempt_it_is_scheduled_and_shows_the_last_error() {
    UUID task = tasks.one();
    Tasks.lease(DATABASE, worker, List.of(task));
    end(later(task, 1, Duration.ofHours(1)));

    Map<String, Object> status = status(task);

    assertThat(status)
        .containsEntry("state", "scheduled")
        .containsEntry("attempt", 2)
        .containsEntry("worker", null)
        .containsEntry("started_at", null);
    assertThat(status.get("error").toString()).contains("\"handler-failed\"");
  }

  @Test
  void running_again_it_shows_the_worker_of_the_attempt_that_runs() {
    UUID task = tasks.one();
    Tasks.lease(DATABASE, Tasks.worker(DATABASE, "dead-by-now"), List.of(task));
    end(Ends.setback(task, 1, Kind.WORKER_LOST));
    Tasks.lease(DATABASE, worker, List.of(task));

    assertThat(status(task))
        .containsEntry("state", "running")
        .containsEntry("attempt", 2)
        .containsEntry("worker", "now-running");
  }

  @Test
  void succeeded_it_has_its_result_and_what_it_ran_on() {
    UUID task = tasks.one();
    Tasks.lease(DATABASE, worker, List.of(task));
    end(Ends.success(task, 1));

    Map<String, Object> status = status(task);

    assertThat(status)
        .containsEntry("state", "succeeded")
        .containsEntry("result", "{\"done\": true}")
        .containsEntry("worker", "w1")
        .containsEntry("error", null);
    assertThat(status.get("started_at")).isNotNull();
    assertThat(status.get("finished_at")).isNotNull();
  }

  @Test
  void failed_it_says_why() {
    UUID task = tasks.maxAttempts(1).one();
    Tasks.lease(DATABASE, worker, List.of(task));
    end(Ends.setback(task, 1, Kind.FAILED));

    assertThat(status(task))
        .containsEntry("state", "failed")
        .containsEntry("worker", "w1")
        .containsEntry("result", null);
    assertThat(status(task).get("error").toString()).contains("it went wrong");
  }

  @Test
  void cancelled_it_has_no_error() {
    UUID task = tasks.one();
    Tasks.lease(DATABASE, worker, List.of(task));
    end(Ends.setback(task, 1, Kind.CANCELLED));

    assertThat(status(task)).containsEntry("state", "cancelled").containsEntry("error", null);
  }

  @Test
  void every_task_stands_in_it_once() {
    UUID task = tasks.one();
    Tasks.lease(DATABASE, worker, List.of(task));
    Tasks.lease(DATABASE, worker, List.of(task));

    assertThat(DATABASE.rows("select from trunkline.task_status where id = ?", task)).hasSize(1);
  }

  @Test
  void the_list_of_attempts_has_no_gaps_and_ends_with_the_one_that_runs() throws SQLException {
    UUID task = tasks.one();
    assertThat(attempts(task)).isEmpty();
    Tasks.lease(DATABASE, worker, List.of(task));
    end(Ends.setback(task, 1, Kind.FAILED));
    assertThat(attempts(task)).hasSize(1);
    Tasks.lease(DATABASE, worker, List.of(task));
    end(Ends.setback(task, 2, Kind.SNOOZED));
    Tasks.lease(DATABASE, worker, List.of(task));

    List<Attempt> running = attempts(task);
    end(Ends.success(task, 3));
    List<Attempt> done = attempts(task);

    assertThat(running).extracting(Attempt::number).containsExactly(1, 2, 3);
    assertThat(running)
        .extracting(Attempt::outcome)
        .containsExactly("failed", "snoozed", "running");
    assertThat(running.getLast().worker()).isEqualTo("now-running");
    assertThat(running.getLast().finished()).isNull();
    assertThat(running.getFirst().error()).contains("it went wrong");
    assertThat(done).extracting(Attempt::outcome).containsExactly("failed", "snoozed", "succeeded");
    assertThat(done.getLast().finished()).isNotNull();
    assertThat(done.getLast().error()).isNull();
  }

  private static Setback later(UUID task, int attempt, Duration delay) {
    Setback now = Ends.setback(task, attempt, Kind.FAILED);
    return new Setback(now.ran(), now.kind(), now.reason(), true, delay);
  }

  private static void end(AttemptEnd end) {
    assertThat(Ends.writer(DATABASE.dataSource()).write(List.of(end), List.of())).hasSize(1);
  }

  private static Map<String, Object> status(UUID task) {
    return DATABASE.row("select * from trunkline.task_status where id = ?", task);
  }

  private static List<Attempt> attempts(UUID task) throws SQLException {
    List<Attempt> attempts = new ArrayList<>();
    try (Connection connection = DATABASE.connect();
        PreparedStatement list = connection.prepareStatement(AttemptsSql.LIST)) {
      AttemptsSql.bind(list, task);
      try (ResultSet rows = list.executeQuery()) {
        while (rows.next()) {
          attempts.add(AttemptsSql.read(rows));
        }
      }
    }
    return attempts;
  }
}
