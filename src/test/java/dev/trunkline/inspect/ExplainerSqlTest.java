package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Setback;
import dev.trunkline.finish.Ends;
import dev.trunkline.inspect.Explanation.Reason;
import dev.trunkline.task.RefusedException;
import dev.trunkline.task.TaskState;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainerSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final Explainer explainer = new Explainer(DATABASE.dataSource());

  @BeforeEach
  void empty() {
    DATABASE.update("truncate trunkline.task, trunkline.ready, trunkline.worker cascade");
    DATABASE.update("truncate trunkline.remote_worker, trunkline.remote_lease");
    DATABASE.update("update trunkline.queue set paused_at = null");
  }

  @Test
  void a_task_for_later_is_scheduled_until_it_is_due() {
    worker("test", null, 10);
    UUID task = Tasks.in(DATABASE).dueIn(Duration.ofHours(1)).one();

    Explanation explanation = explain(task, Reason.SCHEDULED);

    assertThat(explanation.until())
        .isEqualTo(
            DATABASE
                .value(Timestamp.class, "select run_at from trunkline.task where id = ?", task)
                .toInstant());
    assertThat(explanation.detail()).contains(String.valueOf(explanation.until()));
    assertThat(explanation.position()).isNull();
    assertThat(explanation.workers()).isNull();
  }

  @Test
  void one_that_waits_for_its_next_attempt_says_which_and_what_went_wrong() {
    UUID worker = worker("test", null, 10);
    UUID task = Tasks.in(DATABASE).one();
    Tasks.lease(DATABASE, worker, List.of(task));
    Setback now = Ends.setback(task, 1, Kind.FAILED);
    Ends.writer(DATABASE.dataSource())
        .write(
            List.of(new Setback(now.ran(), now.kind(), now.reason(), true, Duration.ofHours(1))),
            List.of());

    Explanation explanation = explain(task, Reason.SCHEDULED);

    assertThat(explanation.attempt()).isEqualTo(2);
    assertThat(explanation.error()).contains("it went wrong");
  }

  @Test
  void in_a_paused_queue_it_says_since_when() {
    worker("test", null, 10);
    UUID task = Tasks.in(DATABASE).queue("paused").one();
    DATABASE.update("update trunkline.queue set paused_at = now() where name = 'paused'");

    assertThat(explain(task, Reason.QUEUE_PAUSED).queuePausedAt()).isNotNull();
  }

  @Test
  void where_no_worker_lives_there_is_none_for_the_type() {
    UUID task = Tasks.in(DATABASE).one();
    Tasks.silence(DATABASE, worker("test", null, 10));
    DATABASE.update(
        "update trunkline.worker set dead_at = now() where id = ?", worker("test", null, 1));

    assertThat(explain(task, Reason.NO_WORKER_FOR_TYPE).detail()).isEqualTo("No worker lives.");
  }

  @Test
  void where_none_runs_the_type_it_says_so() {
    worker("other", null, 10);
    UUID task = Tasks.in(DATABASE).one();

    Explanation explanation = explain(task, Reason.NO_WORKER_FOR_TYPE);

    assertThat(explanation.workers()).isEqualTo(new Explanation.Rivals(1, 0, 0, 0, 0));
    assertThat(explanation.position()).isNull();
  }

  @Test
  void where_those_that_run_the_type_take_from_other_queues_it_says_that() {
    worker("test", "elsewhere", 10);
    worker("other", null, 10);
    UUID task = Tasks.in(DATABASE).one();

    assertThat(explain(task, Reason.NO_WORKER_FOR_QUEUE).workers())
        .isEqualTo(new Explanation.Rivals(2, 1, 0, 0, 0));
  }

  @Test
  void where_all_are_busy_it_says_its_position() {
    UUID worker = worker("test", "default", 2);
    Tasks.lease(DATABASE, worker, Tasks.in(DATABASE).many(2));
    List<UUID> waiting = Tasks.in(DATABASE).many(3);

    Explanation explanation = explain(waiting.get(2), Reason.NO_CAPACITY);

    assertThat(explanation.position()).isEqualTo(3);
    assertThat(explanation.positionExact()).isTrue();
    assertThat(explanation.workers()).isEqualTo(new Explanation.Rivals(1, 1, 1, 2, 2));
    assertThat(explanation.detail()).contains("number 3 in its queue", "2 of 2 attempts");
  }

  @Test
  void those_in_front_are_of_a_smaller_priority_or_due_earlier() {
    Tasks.lease(DATABASE, worker("test", null, 1), Tasks.in(DATABASE).many(1));
    Tasks.in(DATABASE).dueIn(Duration.ofSeconds(-5)).one();
    Tasks.in(DATABASE).priority(4).many(2);
    UUID task = Tasks.in(DATABASE).dueIn(Duration.ofSeconds(-3)).one();
    Tasks.in(DATABASE).many(3);
    Tasks.in(DATABASE).priority(6).dueIn(Duration.ofSeconds(-9)).one();
    Tasks.in(DATABASE).priority(3).dueIn(Duration.ofHours(1)).one();
    Tasks.in(DATABASE).queue("other").dueIn(Duration.ofSeconds(-9)).one();

    assertThat(explain(task, Reason.NO_CAPACITY).position()).isEqualTo(4);
  }

  @Test
  void those_that_nobody_runs_or_that_are_too_late_are_not_in_front() {
    Tasks.lease(DATABASE, worker("test", null, 1), Tasks.in(DATABASE).many(1));
    Tasks.in(DATABASE).type("nobodys").many(5);
    Tasks.in(DATABASE).expiresIn(Duration.ofMillis(-1)).many(5);
    UUID task = Tasks.in(DATABASE).one();

    assertThat(explain(task, Reason.NO_CAPACITY).position()).isEqualTo(1);
  }

  @Test
  void types_that_the_same_workers_run_are() {
    UUID worker = worker("test,other", null, 1);
    Tasks.lease(DATABASE, worker, Tasks.in(DATABASE).many(1));
    Tasks.in(DATABASE).type("other").many(5);
    UUID task = Tasks.in(DATABASE).one();

    assertThat(explain(task, Reason.NO_CAPACITY).position()).isEqualTo(6);
  }

  @Test
  void a_position_far_behind_is_said_to_be_one_at_least() {
    Tasks.lease(DATABASE, worker("test", null, 1), Tasks.in(DATABASE).many(1));
    Tasks.in(DATABASE).many(ExplainSql.MOST + 5);
    UUID task = Tasks.in(DATABASE).priority(6).one();

    Explanation explanation = explain(task, Reason.NO_CAPACITY);

    assertThat(explanation.position()).isEqualTo(ExplainSql.MOST + 1L);
    assertThat(explanation.positionExact()).isFalse();
    assertThat(explanation.detail()).contains("at least");
  }

  @Test
  void a_setting_of_the_queue_counts_instead_of_the_workers_own() {
    UUID worker = worker("test", null, 10);
    DATABASE.update(
        "update trunkline.worker set capacities = '{\"default\": 1}' where id = ?", worker);
    Tasks.lease(DATABASE, worker, Tasks.in(DATABASE).many(1));
    UUID task = Tasks.in(DATABASE).one();

    assertThat(explain(task, Reason.NO_CAPACITY).workers().capacity()).isEqualTo(1);
  }

  @Test
  void what_runs_of_other_queues_takes_no_room() {
    UUID worker = worker("test", null, 1);
    Tasks.lease(DATABASE, worker, Tasks.in(DATABASE).queue("other").many(1));

    explain(Tasks.in(DATABASE).one(), Reason.STARTING);
  }

  @Test
  void where_there_is_room_it_starts_unless_those_in_front_take_it() {
    worker("test", null, 2);
    List<UUID> three = Tasks.in(DATABASE).many(3);

    assertThat(explain(three.get(1), Reason.STARTING).position()).isEqualTo(2);
    assertThat(explain(three.get(2), Reason.NO_CAPACITY).position()).isEqualTo(3);
  }

  @Test
  void a_worker_that_has_not_said_what_it_runs_may_run_anything() {
    Tasks.worker(DATABASE, "of-an-older-version");

    explain(Tasks.in(DATABASE).one(), Reason.STARTING);
  }

  @Test
  void one_whose_expiry_has_passed_says_so() {
    worker("test", null, 2);

    explain(Tasks.in(DATABASE).expiresIn(Duration.ofMillis(-1)).one(), Reason.EXPIRED);
    explain(
        Tasks.in(DATABASE).dueIn(Duration.ofDays(1)).expiresIn(Duration.ofMillis(-1)).one(),
        Reason.EXPIRED);
  }

  @Test
  void one_that_runs_says_where_and_since_when() {
    UUID task = running(worker("test", null, 2));

    Explanation explanation = explain(task, Reason.RUNNING);

    assertThat(explanation.detail()).startsWith("Attempt 1 runs on w since 2");
    assertThat(explanation.worker()).isEqualTo("w");
    assertThat(explanation.startedAt()).isNotNull();
  }

  @Test
  void one_that_was_told_to_stop_says_so() {
    UUID task = running(worker("test", null, 2));
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", task);

    explain(task, Reason.CANCELLING);
  }

  @Test
  void one_whose_worker_is_not_heard_of_says_so() {
    UUID silent = worker("test", null, 2);
    UUID dead = worker("test", null, 2);
    UUID first = running(silent);
    UUID second = running(dead);
    Tasks.silence(DATABASE, silent);
    DATABASE.update("update trunkline.worker set dead_at = now() where id = ?", dead);

    explain(first, Reason.WORKER_SILENT);
    explain(second, Reason.WORKER_SILENT);
  }

  @Test
  void a_worker_over_http_that_asked_lately_runs_its_types_in_every_queue() {
    RemoteWorkers.asks(DATABASE, "w-7", "test", null, 2);
    UUID task = Tasks.in(DATABASE).queue("other").one();

    becomeDue();
    assertThat(explain(task, Reason.STARTING).workers())
        .isEqualTo(new Explanation.Rivals(1, 1, 1, 2, 0));
  }

  @Test
  void one_that_asks_for_queues_runs_every_type_in_them() {
    RemoteWorkers.asks(DATABASE, "w-7", null, "q", 2);

    UUID task = Tasks.in(DATABASE).queue("q").one();
    becomeDue();
    explain(task, Reason.STARTING);
    explain(Tasks.in(DATABASE).queue("other").one(), Reason.NO_WORKER_FOR_QUEUE);
  }

  @Test
  void one_that_has_not_asked_for_a_while_and_holds_nothing_is_none() {
    UUID gone = RemoteWorkers.asks(DATABASE, "w-7", "test", null, 2);
    RemoteWorkers.hasGone(DATABASE, gone);
    UUID other = Tasks.in(DATABASE).one();
    UUID task = Tasks.in(DATABASE).one();

    explain(task, Reason.NO_WORKER_FOR_TYPE);
    RemoteWorkers.lease(DATABASE, "w-7", other);
    becomeDue();
    explain(task, Reason.STARTING);
    RemoteWorkers.expire(DATABASE, other);
    explain(task, Reason.NO_WORKER_FOR_TYPE);
  }

  @Test
  void one_that_has_as_many_as_it_asked_for_has_no_capacity() {
    RemoteWorkers.asks(DATABASE, "w-7", "test", null, 1);
    RemoteWorkers.asks(DATABASE, "w-7", "test,more", null, 2);
    List<UUID> tasks = Tasks.in(DATABASE).many(4);
    RemoteWorkers.lease(DATABASE, "w-7", tasks.get(0));
    becomeDue();
    explain(tasks.get(1), Reason.STARTING);
    RemoteWorkers.lease(DATABASE, "w-7", tasks.get(1));

    Explanation explanation = explain(tasks.get(3), Reason.NO_CAPACITY);

    assertThat(explanation.position()).isEqualTo(2);
    assertThat(explanation.workers()).isEqualTo(new Explanation.Rivals(1, 1, 1, 2, 2));
  }

  @Test
  void where_only_others_have_room_and_nobody_asks_for_it_it_says_so() {
    RemoteWorkers.asks(DATABASE, "w-7", "test", null, 2);
    UUID task = Tasks.in(DATABASE).dueIn(Duration.ofSeconds(-5)).one();

    assertThat(explain(task, Reason.NO_WORKER_ASKING).position()).isEqualTo(1);
    worker("test", null, 2);
    explain(task, Reason.STARTING);
  }

  @Test
  void one_that_runs_outside_says_where_and_whether_that_is_heard_of() {
    UUID task = Tasks.in(DATABASE).one();
    RemoteWorkers.lease(DATABASE, "w-7", task);

    assertThat(explain(task, Reason.RUNNING).worker()).isEqualTo("w-7");
    RemoteWorkers.expire(DATABASE, task);
    assertThat(explain(task, Reason.WORKER_SILENT).detail()).contains("w-7 was last heard of at 2");
  }

  @Test
  void one_that_has_ended_says_how() {
    UUID worker = worker("test", null, 2);
    UUID succeeded = running(worker);
    UUID failed = running(worker);
    UUID cancelled = running(worker);
    Ends.writer(DATABASE.dataSource())
        .write(
            List.of(
                Ends.success(succeeded, 1),
                Ends.setback(failed, 1, Kind.REJECTED),
                Ends.setback(cancelled, 1, Kind.CANCELLED)),
            List.of());

    explain(succeeded, Reason.SUCCEEDED);
    assertThat(explain(failed, Reason.FAILED).error()).contains("it went wrong");
    assertThat(explain(cancelled, Reason.CANCELLED).state()).isEqualTo(TaskState.CANCELLED);
  }

  @Test
  void one_that_is_not_there_is_said_not_to_be_there() {
    assertThatThrownBy(() -> explainer.explain(UUID.randomUUID()))
        .isInstanceOf(RefusedException.class);
  }

  private Explanation explain(UUID task, Reason reason) {
    Explanation explanation = explainer.explain(task);
    assertThat(explanation.reason()).as(explanation.toString()).isEqualTo(reason);
    assertThat(explanation.id()).isEqualTo(task);
    return explanation;
  }

  /** All that waits, at this moment. */
  private static void becomeDue() {
    DATABASE.update(
        """
        with moved as (update trunkline.ready set due = now())
        update trunkline.task set run_at = now() where state = 'open'
        """);
  }

  private static UUID running(UUID worker) {
    UUID task = Tasks.in(DATABASE).one();
    Tasks.lease(DATABASE, worker, List.of(task));
    return task;
  }

  /** With types and queues separated by commas; null for all queues. */
  private static UUID worker(String types, String queues, int capacity) {
    UUID worker = Tasks.worker(DATABASE, "w");
    DATABASE.update(
        """
        update trunkline.worker
        set types = string_to_array(?, ','), queues = string_to_array(?, ','), capacity = ?
        where id = ?
        """,
        types,
        queues,
        capacity,
        worker);
    return worker;
  }
}
