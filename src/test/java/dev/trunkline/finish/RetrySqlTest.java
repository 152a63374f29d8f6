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
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RetrySqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final UUID worker = Tasks.worker(DATABASE, "w1");
  private final AttemptEndWriter writer = Ends.writer(DATABASE.dataSource());

  @Test
  void a_failed_task_is_queued_again_due_now() {
    UUID id = failed(1);

    retry(id);

    assertThat(task(id))
        .containsEntry("state", "queued")
        .containsEntry("ready", 1L)
        .containsEntry("unsuccessful", 0L)
        .containsEntry("due_now", true)
        .containsEntry("started_at", null)
        .containsEntry("finished_at", null)
        .containsEntry("worker", null)
        .containsEntry("progress", null);
  }

  @Test
  void it_has_as_many_attempts_before_it_as_in_the_beginning() {
    UUID id = failed(2);

    retry(id);
    assertThat(task(id)).containsEntry("attempt", 3).containsEntry("used_up", 0);
    fails(id, 3);
    assertThat(task(id)).containsEntry("state", "queued").containsEntry("used_up", 1);
    fails(id, 4);

    assertThat(task(id)).containsEntry("state", "failed");
  }

  @Test
  void its_history_stays_and_goes_on_without_a_gap() {
    UUID id = failed(2);
    retry(id);
    fails(id, 3);

    assertThat(numbers(id)).containsExactly(1, 2, 3);
  }

  @Test
  void it_shows_its_last_error_until_it_has_succeeded() {
    UUID id = failed(1);

    retry(id);

    assertThat(task(id).get("error").toString()).contains("it went wrong");
  }

  @Test
  void attempts_that_cost_nothing_do_not_come_back_as_failures() {
    UUID id = Tasks.in(DATABASE).maxAttempts(1).one();
    lease(id);
    write(Ends.setback(id, 1, Kind.RELEASED));
    lease(id);
    write(Ends.setback(id, 2, Kind.FAILED));

    retry(id);

    assertThat(task(id)).containsEntry("attempt", 3).containsEntry("used_up", 0);
  }

  @Test
  void a_task_that_was_cancelled_while_it_ran_goes_on_with_the_next_number() {
    UUID id = running();
    cancel(id);
    write(Ends.setback(id, 1, Kind.CANCELLED));

    retry(id);

    assertThat(task(id)).containsEntry("state", "queued").containsEntry("attempt", 2);
  }

  @Test
  void one_that_was_cancelled_while_it_waited_takes_the_number_that_was_not_used() {
    UUID id = Tasks.in(DATABASE).dueIn(Duration.ofDays(1)).one();
    cancel(id);

    retry(id);

    assertThat(task(id)).containsEntry("state", "queued").containsEntry("attempt", 1);
    fails(id, 1);
    assertThat(numbers(id)).containsExactly(1);
  }

  @Test
  void a_wish_to_cancel_it_that_came_to_nothing_is_forgotten() throws Exception {
    UUID id = Tasks.in(DATABASE).one();
    try (Connection claim = DATABASE.connect();
        Statement lock = claim.createStatement()) {
      claim.setAutoCommit(false);
      lock.execute("select from trunkline.ready where task_id = '" + id + "' for update");
      assertThat(cancel(id)).as("it counts as running").isFalse();
      claim.rollback();
    }
    assertThat(cancel(id)).isTrue();

    retry(id);

    assertThat(task(id)).containsEntry("cancel_requested_at", null);
  }

  @Test
  void an_expiry_that_has_passed_is_dropped_and_another_is_kept() {
    UUID expired = Tasks.in(DATABASE).expiresIn(Duration.ofHours(1)).one();
    UUID expiring = Tasks.in(DATABASE).expiresIn(Duration.ofHours(1)).one();
    cancel(expired);
    cancel(expiring);
    DATABASE.update(
        "update trunkline.task set expires_at = now() - interval '1 second' where id = ?", expired);

    retry(expired);
    retry(expiring);

    assertThat(task(expired)).containsEntry("expires", false).containsEntry("ready_expires", false);
    assertThat(task(expiring)).containsEntry("expires", true).containsEntry("ready_expires", true);
  }

  @Test
  void the_attempt_before_the_retry_ends_nothing_any_more() {
    UUID id = failed(1);
    retry(id);
    lease(id);

    assertThat(writer.write(List.of(Ends.success(id, 1)), List.of())).isEmpty();
    assertThat(task(id)).containsEntry("state", "running").containsEntry("attempt", 2);
  }

  @Test
  void no_other_state_can_be_retried() {
    UUID queued = Tasks.in(DATABASE).one();
    UUID scheduled = Tasks.in(DATABASE).dueIn(Duration.ofDays(1)).one();
    UUID running = running();
    UUID succeeded = running();
    write(Ends.success(succeeded, 1));

    Map.of(
            queued, TaskState.QUEUED,
            scheduled, TaskState.SCHEDULED,
            running, TaskState.RUNNING,
            succeeded, TaskState.SUCCEEDED)
        .forEach(
            (id, state) -> {
              Map<String, Object> before = task(id);
              assertThatThrownBy(() -> retry(id))
                  .isInstanceOfSatisfying(
                      RefusedException.class,
                      refused ->
                          assertThat(refused.refusal())
                              .isEqualTo(new Refusal.WrongState(id, state, "failed or cancelled")));
              assertThat(task(id)).isEqualTo(before);
            });
  }

  @Test
  void of_many_only_those_are_retried_that_can_be() {
    UUID failed = failed(1);
    UUID cancelled = Tasks.in(DATABASE).one();
    cancel(cancelled);
    UUID queued = Tasks.in(DATABASE).one();

    List<UUID> all = List.of(failed, cancelled, queued, UUID.randomUUID());
    int retried = DATABASE.inTransaction(source -> new Retrier(source).retryAll(all));

    assertThat(retried).isEqualTo(2);
    assertThat(task(failed)).containsEntry("state", "queued");
    assertThat(task(cancelled)).containsEntry("state", "queued");
    assertThat(task(queued)).containsEntry("attempt", 1);
  }

  @Test
  void two_retries_at_once_are_one() throws Exception {
    UUID id = failed(1);
    try (Connection first = DATABASE.connect();
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      first.setAutoCommit(false);
      new Retrier(new OneConnection(first)).retry(id);
      Future<Integer> second =
          threads.submit(
              () -> DATABASE.inTransaction(source -> new Retrier(source).retryAll(List.of(id))));
      Awaitility.await().until(RetrySqlTest::somebodyWaitsForALock);
      first.commit();

      assertThat(second.get()).isZero();
    }
    assertThat(task(id)).containsEntry("attempt", 2).containsEntry("ready", 1L);
  }

  @Test
  void retries_of_the_same_tasks_in_another_order_do_not_wait_in_a_circle() throws Exception {
    List<UUID> forwards = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      forwards.add(failed(1));
    }
    List<UUID> backwards = new ArrayList<>(forwards);
    Collections.reverse(backwards);
    int retried = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 10; round++) {
        Future<Integer> one = threads.submit(() -> retryAll(forwards));
        Future<Integer> other = threads.submit(() -> retryAll(backwards));
        retried = one.get() + other.get();
        assertThat(retried).isEqualTo(50);
        forwards.forEach(RetrySqlTest::cancel);
      }
    }
  }

  private static int retryAll(List<UUID> ids) {
    return DATABASE.inTransaction(source -> new Retrier(source).retryAll(ids));
  }

  private static boolean somebodyWaitsForALock() {
    return DATABASE.count(
            "select count(*) from pg_stat_activity"
                + " where datname = current_database() and wait_event_type = 'Lock'")
        > 0;
  }

  /** Has used up so many attempts. */
  private UUID failed(int attempts) {
    UUID id = Tasks.in(DATABASE).maxAttempts(attempts).one();
    for (int attempt = 1; attempt <= attempts; attempt++) {
      fails(id, attempt);
    }
    return id;
  }

  private void fails(UUID id, int attempt) {
    lease(id);
    write(Ends.setback(id, attempt, Kind.FAILED));
  }

  private UUID running() {
    UUID id = Tasks.in(DATABASE).one();
    lease(id);
    return id;
  }

  private void lease(UUID id) {
    Tasks.lease(DATABASE, worker, List.of(id));
  }

  private void write(AttemptEnd end) {
    assertThat(writer.write(List.of(end), List.of())).hasSize(1);
  }

  private static boolean cancel(UUID id) {
    return DATABASE.inTransaction(source -> new Canceller(source).cancel(id));
  }

  private static void retry(UUID id) {
    DATABASE.inTransaction(
        source -> {
          new Retrier(source).retry(id);
          return true;
        });
  }

  private static List<Integer> numbers(UUID id) {
    return DATABASE.column(
        Integer.class, "select number from trunkline.attempt where task_id = ? order by 1", id);
  }

  private static Map<String, Object> task(UUID id) {
    return DATABASE.row(
        """
        select s.state, t.attempt, t.attempt - 1 - (t.attempt_limit - t.max_attempts) as used_up,
          t.error, t.progress, t.worker, t.started_at, t.finished_at, t.cancel_requested_at,
          t.expires_at is not null as expires,
          t.run_at between now() - interval '1 minute' and now() as due_now,
          (select count(*) from trunkline.ready where task_id = t.id and due = t.run_at) as ready,
          (select r.expires_at is not null from trunkline.ready r where r.task_id = t.id)
            as ready_expires,
          (select count(*) from trunkline.unsuccessful where task_id = t.id) as unsuccessful
        from trunkline.task t join trunkline.task_status s on s.id = t.id
        where t.id = ?
        """,
        id);
  }
}
