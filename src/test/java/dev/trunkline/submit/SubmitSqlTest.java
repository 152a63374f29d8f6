package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubmitSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final TaskWriter writer = new TaskWriter(DATABASE.dataSource());

  @Test
  void what_is_answered_is_what_is_stored() {
    Task answer = write(NewTasks.tagged("a,b", "c\"d", "{}", " ", "null", "\\"));

    assertThat(row(answer.id))
        .containsEntry("type", answer.type)
        .containsEntry("queue", answer.queue)
        .containsEntry("priority", answer.priority)
        .containsEntry("payload", "{\"text\": \"a\\\"b\"}")
        .containsEntry("max_attempts", 3)
        .containsEntry("attempt_limit", 3)
        .containsEntry("seconds", 90)
        .containsEntry("traceparent", answer.traceparent)
        .containsEntry("attempt", answer.attempt)
        .containsEntry("ready", true);
    assertThat(
            DATABASE.column(
                String.class,
                "select unnest(tags) as tag from trunkline.task where id = ?",
                answer.id))
        .isEqualTo(answer.tags)
        .containsExactly("a,b", "c\"d", "{}", " ", "null", "\\");
    assertThat(answer.state).isEqualTo(TaskState.QUEUED);
    assertThat(answer.runAt).isEqualTo(answer.createdAt);
  }

  /** They are stored by another statement. */
  @Test
  void a_task_with_a_key_is_stored_as_one_without_it() {
    Submission submission =
        new Submission(
            "test",
            "[1]",
            Optional.empty(),
            Optional.empty(),
            List.of("a", "b"),
            Optional.empty(),
            Optional.of(Instant.parse("2101-01-01T00:00:00.123456Z")),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Instant.parse("2102-01-01T00:00:00Z")),
            Optional.of("https://client.example/hook"),
            Optional.empty(),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    Task plain = write(new NewTask(submission, "apart", 7, 4, Duration.ofSeconds(5), "trace"));
    Task keyed =
        write(
            new NewTask(
                withKey(submission, "stored alike"),
                "apart",
                7,
                4,
                Duration.ofSeconds(5),
                "trace"));

    assertThat(everything(keyed)).isEqualTo(everything(plain)).hasSize(16);
    assertThat(everything(keyed).get("expires_at")).isNotNull();
    assertThat(everything(keyed).get("callback_url")).isNotNull();
  }

  private static Submission withKey(Submission it, String key) {
    return new Submission(
        it.type(),
        it.payload(),
        it.queue(),
        it.priority(),
        it.tags(),
        it.delay(),
        it.runAt(),
        it.maxAttempts(),
        it.timeout(),
        it.expiresAt(),
        it.callback(),
        Optional.of(key),
        it.traceparent());
  }

  private static Map<String, Object> everything(Task task) {
    return DATABASE.row(
        """
        select t.type, t.queue, t.priority, t.tags::text, t.payload::text, t.max_attempts,
          t.attempt_limit, t.timeout::text, t.run_at, t.expires_at, t.traceparent, t.callback_url,
          r.type as ready_type, r.due, r.expires_at as ready_expires_at, r.priority as ready_priority
        from trunkline.task t
        join trunkline.ready r on r.task_id = t.id and r.queue = t.queue
        where t.id = ?
        """,
        task.id);
  }

  @Test
  void a_delay_counts_from_now_by_the_databases_clock() {
    Task answer = write(NewTasks.delayed(Duration.ofHours(30)));

    assertThat(answer.state).isEqualTo(TaskState.SCHEDULED);
    assertThat(Duration.between(answer.createdAt, answer.runAt)).isEqualTo(Duration.ofHours(30));
  }

  @Test
  void a_time_that_has_passed_means_now() {
    Task answer = write(NewTasks.at(Instant.parse("2001-01-01T00:00:00Z")));

    assertThat(answer.state).isEqualTo(TaskState.QUEUED);
    assertThat(answer.runAt).isEqualTo(answer.createdAt);
  }

  @Test
  void a_time_to_come_is_kept_to_the_microsecond() {
    Instant later = Instant.parse("2101-01-01T00:00:00.123456Z");

    assertThat(write(NewTasks.at(later)).runAt).isEqualTo(later);
  }

  @Test
  void a_batch_is_answered_in_its_order_and_becomes_due_in_its_order() {
    List<NewTask> batch =
        IntStream.range(0, 300).mapToObj(i -> NewTasks.tagged("number-" + i)).toList();

    List<UUID> ids =
        writer.write(batch).stream().map(Optional::orElseThrow).map(task -> task.id).toList();

    assertThat(
            DATABASE.column(
                UUID.class,
                """
                select t.id
                from trunkline.task t join trunkline.ready r on r.task_id = t.id
                where t.tags[1] like 'number-%'
                order by r.due, substring(t.tags[1] from 8)::int
                """))
        .isEqualTo(ids);
  }

  @Test
  void a_queue_is_there_from_its_first_task_on() {
    writer.writeApart(List.of(NewTasks.inQueue("brand-new")));
    writer.writeApart(List.of(NewTasks.inQueue("brand-new")));

    assertThat(DATABASE.count("select count(*) from trunkline.queue where name = 'brand-new'"))
        .isEqualTo(1);
  }

  @Test
  void in_a_callers_transaction_a_new_queue_keeps_nobody_waiting() {
    DATABASE.inTransaction(
        caller -> {
          new TaskWriter(caller).write(List.of(NewTasks.inQueue("contested")));
          // Else this one would wait for the first transaction, which does not end before.
          return writer.writeApart(List.of(NewTasks.inQueue("contested"))).getFirst().orElseThrow();
        });
    assertThat(DATABASE.count("select count(*) from trunkline.new_queue where name = 'contested'"))
        .isEqualTo(1);
  }

  private Task write(NewTask task) {
    return writer.write(List.of(task)).getFirst().orElseThrow();
  }

  private static Map<String, Object> row(UUID id) {
    return DATABASE.row(
        """
        select t.*, t.payload::text as payload, extract(epoch from t.timeout)::int as seconds,
          exists (
            select from trunkline.ready r
            where (r.queue, r.priority, r.due, r.task_id, r.type)
              = (t.queue, t.priority, t.run_at, t.id, t.type)) as ready
        from trunkline.task t where t.id = ?
        """,
        id);
  }
}
