package dev.trunkline.finish;

import static dev.trunkline.finish.Ends.setback;
import static dev.trunkline.finish.Ends.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Crowd;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.execute.Fired;
import dev.trunkline.finish.AttemptEnd.Kind;
import dev.trunkline.finish.AttemptEnd.Success;
import dev.trunkline.task.AttemptToken;
import dev.trunkline.task.AttemptsEnded;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FinishSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final AttemptEndWriter writer = new AttemptEndWriter(DATABASE.dataSource());
  private final UUID worker = Tasks.worker(DATABASE, "w1");

  @Test
  void a_success_leaves_the_result_and_who_ran_it() {
    UUID task = running(1).getFirst();

    assertThat(write(success(task, 1))).containsExactly(new AttemptToken(task, 1));
    assertThat(task(task))
        .containsEntry("state", "succeeded")
        .containsEntry("result", "{\"done\": true}")
        .containsEntry("attempt", 1)
        .containsEntry("worker", "w1")
        .containsEntry("started_at", Timestamp.from(Ends.STARTED))
        .containsEntry("error", null)
        .containsEntry("progress", null);
    assertThat(task(task).get("finished_at")).isNotNull();
    assertThat(attempts(task)).isEmpty();
  }

  @Test
  void what_was_written_is_told_in_this_process_and_what_was_refused_is_not() throws Exception {
    UUID task = running(1).getFirst();
    Fired<AttemptsEnded> ended = new Fired<>();
    Completer completer = new Completer(writer, new SimpleMeterRegistry(), ended);

    assertThat(completer.finish(success(task, 1), () -> true).join()).isTrue();
    assertThat(ended.await(1)).isTrue();
    assertThat(completer.finish(success(task, 1), () -> true).join()).isFalse();
    assertThat(ended.isQuiet()).isTrue();
  }

  @Test
  void a_success_takes_its_last_report_along() {
    UUID task = running(1).getFirst();

    write(
        new Success(
            Ends.ran(task, 1), "null", Optional.of(new ProgressReport(80, "nearly \"there\""))));

    assertThat(
            DATABASE.row(
                "select result::text, progress ->> 'percent' as percent, progress ->> 'message' as"
                    + " message from trunkline.task where id = ?",
                task))
        .containsEntry("result", "null")
        .containsEntry("percent", "80")
        .containsEntry("message", "nearly \"there\"");
  }

  @Test
  void a_success_without_a_report_keeps_the_one_that_was_written() {
    UUID task = running(1).getFirst();
    DATABASE.update("update trunkline.task set progress = '{\"percent\": 7}' where id = ?", task);

    write(success(task, 1));

    assertThat(task(task)).containsEntry("progress", "{\"percent\": 7}");
  }

  @Test
  void a_stale_attempt_changes_nothing() {
    UUID task = running(1).getFirst();
    write(setback(task, 1, Kind.FAILED));
    Map<String, Object> before = task(task);

    assertThat(write(success(task, 1))).isEmpty();
    assertThat(write(setback(task, 1, Kind.FAILED))).isEmpty();
    assertThat(write(success(task, 3))).isEmpty();
    assertThat(task(task)).isEqualTo(before).containsEntry("attempt", 2);
    assertThat(attempts(task)).hasSize(1);
  }

  @Test
  void what_is_final_stays_final() {
    UUID task = running(1).getFirst();
    write(success(task, 1));
    Map<String, Object> before = task(task);

    assertThat(write(success(task, 1))).isEmpty();
    assertThat(write(setback(task, 1, Kind.WORKER_LOST))).isEmpty();
    assertThat(task(task)).isEqualTo(before);
    assertThat(attempts(task)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"FAILED", "TIMED_OUT", "WORKER_LOST"})
  void a_setback_that_costs_an_attempt_is_tried_again_under_the_next_number(Kind kind) {
    UUID task = running(1).getFirst();

    write(setback(task, 1, kind, true, Duration.ofMinutes(5)));

    assertThat(task(task))
        .containsEntry("state", "open")
        .containsEntry("attempt", 2)
        .containsEntry("attempt_limit", 3)
        .containsEntry("worker", null)
        .containsEntry("started_at", null)
        .containsEntry("finished_at", null);
    assertThat(attempts(task)).singleElement().satisfies(attempt -> isTold(attempt, kind));
    assertThat(
            DATABASE
                .row(
                    """
                    select r.due = t.run_at as same, r.queue = t.queue as same_queue,
                      r.priority = t.priority as same_priority, r.type = t.type as same_type,
                      r.due - a.finished_at = interval '5 minutes' as delayed
                    from trunkline.ready r
                    join trunkline.task t on t.id = r.task_id
                    join trunkline.attempt a on a.task_id = t.id
                    where t.id = ?
                    """,
                    task)
                .values())
        .containsOnly(true);
  }

  @Test
  void the_error_says_what_why_which_attempt_and_when() {
    UUID task = running(1).getFirst();

    write(setback(task, 1, Kind.FAILED));

    assertThat(
            DATABASE.row(
                """
                select t.error ->> 'type' as type, t.error ->> 'message' as message,
                  t.error -> 'attempt' = '1' as attempt,
                  (t.error ->> 'at')::timestamptz between now() - interval '1 minute' and now()
                    as at,
                  t.error = a.error as same
                from trunkline.task t join trunkline.attempt a on a.task_id = t.id
                where t.id = ?
                """,
                task))
        .containsEntry("type", "handler-failed")
        .containsEntry("message", "it went wrong")
        .containsEntry("attempt", true)
        .containsEntry("at", true)
        .containsEntry("same", true);
  }

  @Test
  void the_last_attempt_fails_the_task() {
    UUID task = Tasks.in(DATABASE).maxAttempts(1).one();
    Tasks.lease(DATABASE, worker, List.of(task));

    write(setback(task, 1, Kind.TIMED_OUT));

    assertThat(task(task))
        .containsEntry("state", "failed")
        .containsEntry("attempt", 1)
        .containsEntry("worker", "w1")
        .containsEntry("started_at", Timestamp.from(Ends.STARTED));
    assertThat(task(task).get("error").toString()).contains("\"type\": \"timed-out\"");
    assertThat(waiting(task)).isFalse();
    assertThat(unsuccessful(task)).containsExactly("failed");
    assertThat(attempts(task)).hasSize(1);
  }

  @Test
  void one_that_no_attempt_can_help_fails_at_once() {
    UUID task = running(1).getFirst();

    write(setback(task, 1, Kind.REJECTED, false, Duration.ZERO));

    assertThat(task(task)).containsEntry("state", "failed").containsEntry("attempt", 1);
    assertThat(unsuccessful(task)).containsExactly("failed");
    assertThat(waiting(task)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"RELEASED", "SNOOZED"})
  void a_release_and_a_snooze_cost_nothing(Kind kind) {
    UUID task = Tasks.in(DATABASE).maxAttempts(1).one();
    Tasks.lease(DATABASE, worker, List.of(task));

    write(setback(task, 1, kind));
    Tasks.lease(DATABASE, worker, List.of(task));
    write(setback(task, 2, kind));

    assertThat(task(task))
        .containsEntry("state", "open")
        .containsEntry("attempt", 3)
        .containsEntry("attempt_limit", 3)
        .containsEntry("error", null);
    assertThat(attempts(task))
        .hasSize(2)
        .allSatisfy(attempt -> assertThat(attempt).containsEntry("error", null));

    Tasks.lease(DATABASE, worker, List.of(task));
    write(setback(task, 3, Kind.FAILED));
    assertThat(task(task)).containsEntry("state", "failed");
  }

  @Test
  void a_release_keeps_the_error_of_the_attempt_before_it() {
    UUID task = running(1).getFirst();
    write(setback(task, 1, Kind.FAILED));
    Object error = task(task).get("error");

    write(setback(task, 2, Kind.RELEASED));

    assertThat(task(task)).containsEntry("error", error).containsEntry("attempt_limit", 4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"FAILED", "WORKER_LOST", "RELEASED", "SNOOZED", "CANCELLED"})
  void a_cancelled_task_is_not_tried_again(Kind kind) {
    UUID task = running(1).getFirst();
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", task);

    write(setback(task, 1, kind));

    assertThat(task(task))
        .containsEntry("state", "cancelled")
        .containsEntry("error", null)
        .containsEntry("attempt", 1);
    assertThat(attempts(task))
        .singleElement()
        .satisfies(attempt -> assertThat(attempt).containsEntry("outcome", "cancelled"));
    assertThat(unsuccessful(task)).containsExactly("cancelled");
    assertThat(waiting(task)).isFalse();
  }

  @Test
  void one_that_succeeds_before_it_is_stopped_has_succeeded() {
    UUID task = running(1).getFirst();
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", task);

    write(success(task, 1));

    assertThat(task(task)).containsEntry("state", "succeeded");
  }

  @Test
  void a_batch_may_hold_every_kind_of_end() {
    List<UUID> tasks = running(4);
    UUID lease = Tasks.lease(DATABASE, worker, tasks);
    UUID kept = Tasks.lease(DATABASE, worker, tasks);

    Set<AttemptToken> written =
        writer.write(
            List.of(
                setback(tasks.get(0), 1, Kind.FAILED),
                success(tasks.get(1), 1),
                setback(tasks.get(2), 1, Kind.REJECTED, false, Duration.ZERO),
                success(tasks.get(3), 2)),
            List.of(lease));

    assertThat(written)
        .extracting(AttemptToken::taskId)
        .containsExactlyInAnyOrder(tasks.get(0), tasks.get(1), tasks.get(2));
    assertThat(tasks)
        .extracting(task -> task(task).get("state"))
        .containsExactly("open", "succeeded", "failed", "open");
    assertThat(
            DATABASE.column(
                UUID.class, "select id from trunkline.lease where id in (?, ?)", lease, kept))
        .containsExactly(kept);
  }

  @Test
  void successes_apart_take_along_the_leases_that_were_emptied_before() {
    List<UUID> tasks = running(3);
    UUID emptied = Tasks.lease(DATABASE, worker, tasks);
    UUID kept = Tasks.lease(DATABASE, worker, tasks);

    Set<AttemptToken> written =
        writer.writeApart(
            List.of(success(tasks.get(0), 1), success(tasks.get(1), 2), by("w2", tasks.get(2))),
            List.of(emptied));

    assertThat(written)
        .extracting(AttemptToken::taskId)
        .containsExactlyInAnyOrder(tasks.get(0), tasks.get(2));
    assertThat(tasks)
        .extracting(task -> task(task).get("state"))
        .containsExactly("succeeded", "open", "succeeded");
    assertThat(task(tasks.get(0)))
        .containsEntry("worker", "w1")
        .containsEntry("started_at", Timestamp.from(Ends.STARTED));
    assertThat(task(tasks.get(2)))
        .containsEntry("worker", "w2")
        .containsEntry("started_at", Timestamp.from(Ends.STARTED.plusSeconds(1)));
    assertThat(
            DATABASE.column(
                UUID.class, "select id from trunkline.lease where id in (?, ?)", emptied, kept))
        .containsExactly(kept);
  }

  @Test
  void leases_are_discarded_without_any_end_too() {
    UUID emptied = Tasks.lease(DATABASE, worker, running(1));

    assertThat(writer.writeApart(List.of(), List.of(emptied))).isEmpty();

    assertThat(DATABASE.column(UUID.class, "select id from trunkline.lease where id = ?", emptied))
        .isEmpty();
  }

  private static Success by(String worker, UUID task) {
    Ran ran = new Ran(new AttemptToken(task, 1), worker, Ends.STARTED.plusSeconds(1));
    return new Success(ran, "1", Optional.empty());
  }

  @Test
  void an_end_is_tried_again_only_while_the_attempt_is_held() {
    UUID task = running(1).getFirst();

    assertThatThrownBy(() -> awayAtFirst().finish(success(task, 1), () -> false).join())
        .hasCauseInstanceOf(StoreException.class);
    assertThat(task(task)).containsEntry("state", "open");

    assertThat(awayAtFirst().finish(success(task, 1), () -> true).join()).isTrue();
    assertThat(task(task)).containsEntry("state", "succeeded");
  }

  private static Completer awayAtFirst() {
    return Ends.completer(Unreachable.times(1, DATABASE.dataSource()));
  }

  @Test
  void nothing_to_write_is_no_fault() {
    assertThat(writer.write(List.of(), List.of())).isEmpty();
  }

  @RepeatedTest(5)
  void of_two_who_end_the_same_attempts_one_wins_each(RepetitionInfo repetition) throws Exception {
    List<UUID> tasks = running(500);
    Random random = new Random(repetition.getCurrentRepetition());
    List<AttemptEnd> successes = shuffled(tasks, random, id -> success(id, 1));
    List<AttemptEnd> losses = shuffled(tasks, random, id -> setback(id, 1, Kind.WORKER_LOST));

    List<Set<AttemptToken>> written = Crowd.run(List.of(writing(successes), writing(losses)));

    assertThat(Collections.disjoint(written.get(0), written.get(1))).isTrue();
    assertThat(written.get(0).size() + written.get(1).size()).isEqualTo(500);
    assertThat(states(tasks, "state = 'succeeded' and attempt = 1 and result is not null"))
        .isEqualTo(written.get(0).size());
    assertThat(states(tasks, "state = 'open' and attempt = 2 and result is null"))
        .isEqualTo(written.get(1).size());
  }

  @RepeatedTest(5)
  void mixed_batches_do_not_wait_for_each_other_in_a_circle(RepetitionInfo repetition)
      throws Exception {
    List<UUID> tasks = running(500);
    Random random = new Random(repetition.getCurrentRepetition());
    List<AttemptEnd> mixed =
        shuffled(
            tasks,
            random,
            id -> random.nextBoolean() ? success(id, 1) : setback(id, 1, Kind.FAILED));
    List<AttemptEnd> losses = shuffled(tasks, random, id -> setback(id, 1, Kind.WORKER_LOST));

    List<Set<AttemptToken>> written = Crowd.run(List.of(writing(mixed), writing(losses)));

    assertThat(Collections.disjoint(written.get(0), written.get(1))).isTrue();
    assertThat(written.get(0).size() + written.get(1).size()).isEqualTo(500);
    assertThat(tasks.stream().mapToInt(task -> attempts(task).size()).max()).hasValue(1);
  }

  @Test
  void a_lease_that_somebody_else_takes_is_not_waited_for() throws Exception {
    UUID task = running(1).getFirst();
    UUID lease = Tasks.lease(DATABASE, worker, List.of(task));
    try (Connection rescuer = DATABASE.connect();
        Statement statement = rescuer.createStatement()) {
      rescuer.setAutoCommit(false);
      statement.execute("delete from trunkline.lease where id = '" + lease + "'");

      assertThat(
              DATABASE.<Set<AttemptToken>>inTransaction(
                  transaction -> {
                    try (Statement impatient = transaction.getConnection().createStatement()) {
                      impatient.execute("set local lock_timeout = '2s'");
                    }
                    return new AttemptEndWriter(transaction)
                        .write(List.of(success(task, 1)), List.of(lease));
                  }))
          .hasSize(1);
      rescuer.rollback();
    }
  }

  private Callable<Set<AttemptToken>> writing(List<AttemptEnd> ends) {
    return () ->
        DATABASE.inTransaction(
            transaction -> new AttemptEndWriter(transaction).write(ends, List.of()));
  }

  private Set<AttemptToken> write(AttemptEnd end) {
    return writer.write(List.of(end), List.of());
  }

  private List<UUID> running(int count) {
    List<UUID> tasks = Tasks.in(DATABASE).many(count);
    Tasks.lease(DATABASE, worker, tasks);
    return tasks;
  }

  private static List<AttemptEnd> shuffled(
      List<UUID> tasks, Random random, Function<UUID, AttemptEnd> end) {
    List<AttemptEnd> ends = new ArrayList<>(tasks.stream().map(end).toList());
    Collections.shuffle(ends, random);
    return ends;
  }

  private static void isTold(Map<String, Object> attempt, Kind kind) {
    assertThat(attempt)
        .containsEntry("number", 1)
        .containsEntry("worker", "w1")
        .containsEntry("outcome", kind.outcome())
        .containsEntry("started_at", Timestamp.from(Ends.STARTED));
    assertThat(attempt.get("error").toString()).contains(kind.errorType(), "it went wrong");
  }

  private static long states(List<UUID> tasks, String condition) {
    return DATABASE.count(
        "select count(*) from trunkline.task where id between ? and ? and " + condition,
        Collections.min(tasks, Comparator.comparing(UUID::toString)),
        Collections.max(tasks, Comparator.comparing(UUID::toString)));
  }

  private static Map<String, Object> task(UUID id) {
    return DATABASE.row(
        """
        select state, attempt, attempt_limit, result::text, error::text, progress::text, worker,
          started_at, finished_at, run_at
        from trunkline.task where id = ?
        """,
        id);
  }

  private static List<Map<String, Object>> attempts(UUID id) {
    return DATABASE.rows(
        """
        select number, worker, started_at, finished_at, outcome, error::text
        from trunkline.attempt where task_id = ? order by number
        """,
        id);
  }

  private static List<String> unsuccessful(UUID id) {
    return DATABASE.column(
        String.class, "select state from trunkline.unsuccessful where task_id = ?", id);
  }

  private static boolean waiting(UUID id) {
    return DATABASE.count("select count(*) from trunkline.ready where task_id = ?", id) > 0;
  }
}
