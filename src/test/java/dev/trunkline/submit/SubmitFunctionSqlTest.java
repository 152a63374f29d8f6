package dev.trunkline.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trunkline.database.Crowd;
import dev.trunkline.database.StoreException;
import dev.trunkline.database.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

class SubmitFunctionSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final TaskWriter writer = new TaskWriter(DATABASE.dataSource());

  @BeforeAll
  static void announceTheType() {
    DATABASE.update(
        "insert into trunkline.task_type values ('test', 'tests', 3, 7, '90 s', now())");
    DATABASE.update("insert into trunkline.queue (name) values ('tests')");
  }

  @Test
  void what_is_left_out_comes_from_the_type() {
    Map<String, Object> task = task(submit("type => 'test', payload => '{\"n\": 1}'"));

    assertThat(task)
        .containsEntry("type", "test")
        .containsEntry("queue", "tests")
        .containsEntry("priority", 3)
        .containsEntry("max_attempts", 7)
        .containsEntry("attempt_limit", 7)
        .containsEntry("seconds", 90)
        .containsEntry("payload", "{\"n\": 1}")
        .containsEntry("attempt", 1)
        .containsEntry("state", "open")
        .containsEntry("ready", true)
        .containsEntry("tags", "{}");
    assertThat(task.get("run_at")).isEqualTo(task.get("created_at"));
  }

  @Test
  void what_is_asked_for_is_what_is_stored() {
    Map<String, Object> task =
        task(
            submit(
                """
                type => 'test', payload => 'null', queue => 'reports', priority => 0,
                tags => array['a,b', '"'], delay => '2 h', max_attempts => 2, timeout => '1 ms',
                expires_at => '2100-01-01 00:00Z', traceparent =>
                '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
                """));

    assertThat(task)
        .containsEntry("queue", "reports")
        .containsEntry("priority", 0)
        .containsEntry("max_attempts", 2)
        .containsEntry("payload", "null")
        .containsEntry("tags", "{\"a,b\",\"\\\"\"}")
        .containsEntry("ahead", 7200)
        .containsEntry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .containsEntry("ready", true);
    assertThat(task).containsEntry("expires_at", "2100-01-01T00:00:00.000000Z");
  }

  @Test
  void a_trace_context_that_is_none_is_ignored() {
    assertThat(task(submit("type => 'test', payload => '1', traceparent => 'nonsense'")))
        .containsEntry("traceparent", null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type => null, payload => '1'                                     | type is missing
          type => 'test', payload => null                                  | payload is missing
          type => 'nobody', payload => '1'                                 | no process runs the type 'nobody'
          type => 'test', payload => '1', queue => 'A b'                   | queue must be
          type => 'test', payload => '1', priority => 10                   | priority must be from 0
          type => 'test', payload => '1', priority => -1                   | priority must be from 0
          type => 'test', payload => '1', tags => array['']                | tags must be 1 to 100
          type => 'test', payload => '1', tags => array[null]              | tags must be 1 to 100
          type => 'test', payload => '1', tags => array_fill('a'::text, '{21}') | tags must be at most 20
          type => 'test', payload => '1', delay => '-1 s'                  | delay must be from 0
          type => 'test', payload => '1', delay => '3661 days'             | delay must be from 0
          type => 'test', payload => '1', delay => '1 s', run_at => now()  | cannot be given together
          type => 'test', payload => '1', run_at => 'infinity'             | run_at must be from the year
          type => 'test', payload => '1', run_at => '-infinity'            | run_at must be from the year
          type => 'test', payload => '1', expires_at => 'infinity'         | expires_at must be from the year
          type => 'test', payload => '1', run_at => '2100-01-02', expires_at => '2100-01-01' | expires_at must be after
          type => 'test', payload => '1', max_attempts => 0                | max_attempts must be from 1
          type => 'test', payload => '1', max_attempts => 1001             | max_attempts must be from 1
          type => 'test', payload => '1', timeout => '0'                   | timeout must be from
          type => 'test', payload => '1', timeout => '8 days'              | timeout must be from
          type => 'test', payload => '1', idempotency_key => ''            | idempotency_key must be
          type => 'test', payload => to_jsonb(repeat('a', 1048577))        | payload must be at most
          type => 'test', payload => '1', callback => '1'                  | callback must be {"url"
          type => 'test', payload => '1', callback => 'null'               | callback must be {"url"
          type => 'test', payload => '1', callback => '[]'                 | callback must be {"url"
          type => 'test', payload => '1', callback => '{}'                 | callback must be {"url"
          type => 'test', payload => '1', callback => '{"url": 1}'         | callback must be {"url"
          type => 'test', payload => '1', callback => '{"url": null}'      | callback must be {"url"
          type => 'test', payload => '1', callback => '{"url": "https://a", "x": 1}' | callback must be {"url"
          type => 'test', payload => '1', callback => '{"url": "ftp://a/"}' | callback.url must be an absolute
          type => 'test', payload => '1', callback => '{"url": "https://u:p@a/"}' | callback.url must be an absolute
          type => 'test', payload => '1', callback => jsonb_build_object('url', concat('https://a/', repeat('x', 8192))) | callback.url must be an absolute
          type => 'callback.deliver', payload => '1'                       | no process runs the type 'callback.deliver'
          """)
  void what_is_not_possible_is_refused(String options, String reason) {
    long before = DATABASE.count("select count(*) from trunkline.task");

    assertThatThrownBy(() -> submit(options))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(((SQLException) e.getCause()).getSQLState()).isEqualTo("22023"))
        .hasMessageContaining(reason);

    assertThat(DATABASE.count("select count(*) from trunkline.task")).isEqualTo(before);
  }

  @Test
  void everything_that_is_wrong_is_named_at_once() {
    assertThatThrownBy(
            () -> submit("type => 'test', payload => '1', priority => 11, timeout => '0'"))
        .hasMessageContaining("priority must be")
        .hasMessageContaining("timeout must be");
  }

  @Test
  void what_the_service_alone_makes_is_refused_whoever_has_announced_it() {
    DATABASE.update(
        "insert into trunkline.task_type values ('callback.deliver', 'q', 5, 5, '1 s', now())");
    try {
      assertThatThrownBy(() -> submit("type => 'callback.deliver', payload => '1'"))
          .hasMessageContaining("no process runs the type 'callback.deliver'")
          .hasMessageNotContaining("Known are: callback");
    } finally {
      DATABASE.update("delete from trunkline.task_type where name = 'callback.deliver'");
    }
  }

  @Test
  void a_callback_is_stored_and_a_part_of_what_a_key_stands_for() {
    Submission over =
        NewTasks.submissionUnder("called").withCallback("https://client.example/hook");
    UUID first = writer.writeApart(List.of(NewTasks.of(over))).getFirst().orElseThrow().id;
    String same =
        "type => 'test', payload => '{\"text\": \"a\\\"b\"}', idempotency_key => 'called'";
    String callback = ", callback => '{\"url\": \"https://client.example/%s\"}'";

    assertThat(submit(same + callback.formatted("hook"))).isEqualTo(first);
    assertThat(
            DATABASE.value(
                String.class, "select callback_url from trunkline.task where id = ?", first))
        .isEqualTo("https://client.example/hook");
    assertThatThrownBy(() -> submit(same + callback.formatted("other")))
        .hasMessageContaining("used for another submission");
    assertThatThrownBy(() -> submit(same)).hasMessageContaining("used for another submission");
  }

  @Test
  void the_task_exists_if_and_only_if_the_transaction_commits() throws SQLException {
    try (Connection caller = DATABASE.connect()) {
      caller.setAutoCommit(false);
      UUID undone = submit(caller, "type => 'test', payload => '1'");
      caller.rollback();
      UUID done = submit(caller, "type => 'test', payload => '1'");
      assertThat(count(done)).isZero();
      caller.commit();

      assertThat(count(undone)).isZero();
      assertThat(count(done)).isEqualTo(1);
    }
  }

  @Test
  void nobody_is_woken_before_the_commit() throws SQLException {
    try (Connection listener = DATABASE.connect();
        Connection caller = DATABASE.connect();
        Statement listen = listener.createStatement()) {
      listen.execute("listen trunkline");
      PGConnection heard = listener.unwrap(PGConnection.class);
      caller.setAutoCommit(false);
      submit(caller, "type => 'test', payload => '1'");
      listen.execute("select 1");
      assertThat(heard.getNotifications()).isNullOrEmpty();

      caller.commit();
      assertThat(heard.getNotifications(10_000)).hasSize(1);

      submit(caller, "type => 'test', payload => '1', wake => false");
      submit(caller, "type => 'test', payload => '1', delay => '1 h'");
      caller.commit();
      listen.execute("select 1");
      assertThat(heard.getNotifications()).isNullOrEmpty();
    }
  }

  @Test
  void a_key_answers_with_its_first_task() {
    String options = "type => 'test', payload => '{\"a\": 1, \"b\": 2}', idempotency_key => 'k1'";
    UUID first = submit(options);

    assertThat(submit(options)).isEqualTo(first);
    assertThat(
            submit(
                "type => 'test', payload => '{\"b\": 2, \"a\": 1}', idempotency_key => 'k1',"
                    + " tags => null"))
        .isEqualTo(first);
    assertThatThrownBy(() -> submit(options + ", priority => 1"))
        .hasMessageContaining("used for another submission");
    assertThat(DATABASE.count("select count(*) from trunkline.task where idempotency_key = 'k1'"))
        .isEqualTo(1);
  }

  @Test
  void of_fifty_callers_with_one_key_all_get_the_same_task() throws Exception {
    Callable<UUID> submitting =
        () -> submit("type => 'test', payload => '1', idempotency_key => 'crowd'");

    List<UUID> ids = Crowd.run(Collections.nCopies(50, submitting));

    assertThat(ids.stream().distinct()).hasSize(1);
  }

  @Test
  void keys_have_one_scope_with_submissions_over_http() {
    Submission over =
        new Submission(
            "test",
            "{\"text\":\"hi\",\"time\":1.50}",
            Optional.of("mixed"),
            Optional.of(2),
            List.of("x", "y"),
            Optional.of(Duration.ofSeconds(90).plusMillis(500)),
            Optional.empty(),
            Optional.of(4),
            Optional.of(Duration.ofMinutes(2)),
            Optional.of(Instant.parse("2100-01-01T00:00:00.25Z")),
            Optional.of("both"),
            null);
    UUID first =
        writer
            .writeApart(List.of(new NewTask(over, "mixed", 2, 4, Duration.ofMinutes(2), null)))
            .getFirst()
            .orElseThrow()
            .id;

    assertThat(
            submit(
                """
                type => 'test', payload => '{"time": 1.50, "text": "hi"}', queue => 'mixed',
                priority => 2, tags => '{x,y}', delay => '1 min 30.5 s', max_attempts => 4,
                timeout => '120 s', expires_at => '2100-01-01 01:00:00.25+01',
                idempotency_key => 'both'
                """))
        .isEqualTo(first);
  }

  @Test
  void a_time_to_run_at_is_a_part_of_what_a_key_stands_for() {
    Submission over = NewTasks.submissionAt(Instant.parse("2100-01-01T00:00:00.25Z"), "at");
    UUID first = writer.writeApart(List.of(NewTasks.of(over))).getFirst().orElseThrow().id;
    String same =
        "type => 'test', payload => '{\"text\": \"a\\\"b\"}', idempotency_key => 'at', run_at => ";

    assertThat(submit(same + "'2100-01-01 01:00:00.25+01'")).isEqualTo(first);
    assertThatThrownBy(() -> submit(same + "'2100-01-01 00:00:00Z'"))
        .hasMessageContaining("used for another submission");
  }

  @Test
  void a_caller_needs_no_right_to_any_table() throws SQLException {
    DATABASE.update("drop role if exists trunkline_submitter");
    DATABASE.update("create role trunkline_submitter");
    DATABASE.update("grant usage on schema trunkline to trunkline_submitter");
    try (Connection caller = DATABASE.connect();
        Statement statement = caller.createStatement()) {
      statement.execute("set role trunkline_submitter");
      assertThatThrownBy(() -> submit(caller, "type => 'test', payload => '1'"))
          .hasMessageContaining("permission denied");
      DATABASE.update("grant execute on function trunkline.submit to trunkline_submitter");

      assertThat(count(submit(caller, "type => 'test', payload => '1'"))).isEqualTo(1);
      assertThatThrownBy(() -> statement.execute("select from trunkline.task"))
          .hasMessageContaining("permission denied");
    } finally {
      DATABASE.update("drop owned by trunkline_submitter");
      DATABASE.update("drop role trunkline_submitter");
    }
  }

  /** As IdTimes has it, by which lists find the tasks of a time. */
  @Test
  void the_id_is_of_the_time_of_creation_whatever_was_waited_for() throws Exception {
    CompletableFuture<UUID> submitted;
    try (Connection other = DATABASE.connect();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("lock table trunkline.task_type");
      submitted =
          CompletableFuture.supplyAsync(
              () -> submit("type => 'test', payload => '1'"), Thread::startVirtualThread);
      Awaitility.await()
          .until(
              () -> {
                try (ResultSet waiting =
                    lock.executeQuery(
                        """
                        select pg_sleep(0.05) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                        """)) {
                  return waiting.next();
                }
              });
      other.rollback();
    }

    UUID id = submitted.get(30, TimeUnit.SECONDS);
    long made = id.getMostSignificantBits() >>> 16;
    Timestamp created =
        DATABASE.value(Timestamp.class, "select created_at from trunkline.task where id = ?", id);
    assertThat(created.getTime()).isBetween(made, made + 10);
  }

  @Test
  void a_new_queue_keeps_nobody_waiting() throws SQLException {
    try (Connection caller = DATABASE.connect()) {
      caller.setAutoCommit(false);
      submit(caller, "type => 'test', payload => '1', queue => 'fresh'");

      assertThat(writer.writeApart(List.of(NewTasks.inQueue("fresh"))).getFirst()).isPresent();
      caller.rollback();
    }
  }

  private static UUID submit(String options) {
    return DATABASE.value(UUID.class, "select trunkline.submit(" + options + ")");
  }

  private static UUID submit(Connection connection, String options) throws SQLException {
    try (PreparedStatement submit =
            connection.prepareStatement("select trunkline.submit(" + options + ")");
        ResultSet row = submit.executeQuery()) {
      row.next();
      return row.getObject(1, UUID.class);
    }
  }

  private static long count(UUID id) {
    return DATABASE.count("select count(*) from trunkline.task where id = ?", id);
  }

  private static Map<String, Object> task(UUID id) {
    return DATABASE.row(
        """
        select t.type, t.queue, t.priority, t.max_attempts, t.attempt_limit, t.attempt, t.state,
          t.created_at, t.run_at, trunkline.rfc3339(t.expires_at) as expires_at, t.traceparent, t.tags::text as tags,
          t.payload::text as payload, extract(epoch from t.timeout)::int as seconds,
          extract(epoch from t.run_at - t.created_at)::int as ahead,
          exists (
            select from trunkline.ready r
            where (r.queue, r.priority, r.due, r.task_id, r.type, r.expires_at)
              is not distinct from (t.queue, t.priority, t.run_at, t.id, t.type, t.expires_at))
            as ready
        from trunkline.task t where t.id = ?
        """,
        id);
  }
}
