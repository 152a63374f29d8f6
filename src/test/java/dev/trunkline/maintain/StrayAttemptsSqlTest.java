package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.claim.Claimer;
import dev.trunkline.claim.Registrations;
import dev.trunkline.claim.WorkerRegistration;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.Fired;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.finish.Ends;
import dev.trunkline.task.TasksReady;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StrayAttemptsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final WorkerRegistration registration = Registrations.in(DATABASE);
  private final UUID worker = registration.register().id();
  private final RunningAttempts running = new RunningAttempts();
  private final Claimer claimer = Registrations.claimer(DATABASE);
  private final Fired<TasksReady> ready = new Fired<>();
  private final StrayAttempts strays =
      new StrayAttempts(
          DATABASE.dataSource(),
          registration,
          claimer,
          running,
          Ends.writer(DATABASE.dataSource()),
          ready);

  @Test
  void what_is_leased_to_a_living_worker_and_not_run_is_given_back_at_no_cost_and_told_of()
      throws InterruptedException {
    UUID task = Tasks.in(DATABASE).maxAttempts(1).one();
    leasedLongAgo(task);

    strays.runOnce();

    assertThat(
            DATABASE.row(
                "select state, attempt, attempt_limit from trunkline.task where id = ?", task))
        .containsEntry("state", "open")
        .containsEntry("attempt", 2)
        .containsEntry("attempt_limit", 2);
    assertThat(DATABASE.rows("select from trunkline.ready where task_id = ?", task)).hasSize(1);
    assertThat(leases(task)).isZero();
    assertThat(ready.await(1)).isTrue();
  }

  @Test
  void what_runs_is_left_alone() {
    UUID task = Tasks.in(DATABASE).one();
    leasedLongAgo(task);
    Attempts.add(running, task, 1);

    strays.runOnce();

    assertThat(leases(task)).isEqualTo(1);
    assertThat(ready.isQuiet()).isTrue();
    assertThat(
            DATABASE.value(Integer.class, "select attempt from trunkline.task where id = ?", task))
        .isEqualTo(1);
  }

  @Test
  void a_claim_whose_answer_may_still_come_is_left_alone() {
    UUID task = Tasks.in(DATABASE).one();
    Tasks.lease(DATABASE, worker, List.of(task));

    strays.runOnce();

    assertThat(
            DATABASE.value(Integer.class, "select attempt from trunkline.task where id = ?", task))
        .isEqualTo(1);
  }

  @Test
  void a_claim_that_was_committed_although_it_failed_here_is_given_back_at_once() {
    UUID task = Tasks.in(DATABASE).one();
    Registrations.failed(claimer, Tasks.lease(DATABASE, worker, List.of(task)));

    strays.runOnce();

    assertThat(DATABASE.rows("select from trunkline.ready where task_id = ?", task)).hasSize(1);
  }

  @Test
  void what_another_worker_holds_is_left_alone() {
    UUID task = Tasks.in(DATABASE).one();
    UUID ended = Tasks.in(DATABASE).one();
    UUID other = Tasks.worker(DATABASE, "other");
    leasedLongAgo(task, other);
    leasedLongAgo(ended, other);
    end(ended);

    strays.runOnce();

    assertThat(
            DATABASE.value(Integer.class, "select attempt from trunkline.task where id = ?", task))
        .isEqualTo(1);
    assertThat(List.of(leases(task), leases(ended))).containsOnly(1L);
  }

  @Test
  void a_lease_whose_tasks_have_ended_goes_when_nobody_can_still_count_it() {
    UUID old = Tasks.in(DATABASE).one();
    UUID young = Tasks.in(DATABASE).one();
    leasedLongAgo(old);
    Tasks.lease(DATABASE, worker, List.of(young));
    end(old);
    end(young);

    strays.runOnce();

    assertThat(leases(old)).isZero();
    assertThat(leases(young)).isEqualTo(1);
  }

  @Test
  void a_lease_that_somebody_else_takes_is_not_waited_for() throws SQLException {
    UUID task = Tasks.in(DATABASE).one();
    leasedLongAgo(task);
    end(task);
    try (Connection rescuer = DATABASE.connect();
        Statement take = rescuer.createStatement()) {
      rescuer.setAutoCommit(false);
      take.execute("select from trunkline.lease for update");

      strays.runOnce();
      rescuer.rollback();
    }
    assertThat(leases(task)).isEqualTo(1);
  }

  private static void end(UUID task) {
    Ends.writer(DATABASE.dataSource()).write(List.of(Ends.success(task, 1)), List.of());
  }

  private static long leases(UUID task) {
    return DATABASE.count("select count(*) from trunkline.lease where ? = any(task_ids)", task);
  }

  private void leasedLongAgo(UUID task) {
    leasedLongAgo(task, worker);
  }

  private static void leasedLongAgo(UUID task, UUID holder) {
    UUID lease = Tasks.lease(DATABASE, holder, List.of(task));
    DATABASE.update(
        "update trunkline.lease set started_at = started_at - interval '2 minutes' where id = ?",
        lease);
  }
}
