package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String OK = "finished_at = now(), started_at = now()";
  private static final String REMOTE =
      "insert into trunkline.remote_lease values (gen_random_uuid(), ";
  private static final String TYPE = "insert into trunkline.task_type values (";

  @Test
  void ids_are_uuids_of_version_7_and_the_rfcs_variant() {
    List<UUID> ids = ids(1_000);

    assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2).doesNotHaveDuplicates();
  }

  @Test
  void ids_carry_the_time_they_were_made_at() {
    Instant before = Instant.now();
    UUID id = ids(1).getFirst();
    Instant after = Instant.now();

    assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
        .isBetween(before.minusSeconds(1), after.plusSeconds(1));
  }

  @Test
  void ids_follow_time_also_within_a_millisecond() {
    List<UUID> ids = ids(10_000);

    long falls = 0;
    for (int i = 1; i < ids.size(); i++) {
      assertThat(ids.get(i).getMostSignificantBits())
          .isGreaterThanOrEqualTo(ids.get(i - 1).getMostSignificantBits());
      falls += ids.get(i).toString().compareTo(ids.get(i - 1).toString()) < 0 ? 1 : 0;
    }
    // Only where two fall on the same microsecond does chance decide.
    assertThat(falls).isLessThan(5_000);
    assertThat(ids.stream().map(id -> id.getMostSignificantBits() & 0xfff).distinct().count())
        .isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"})
  void times_are_written_in_utc_whatever_the_session_says(String zone) throws SQLException {
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set time zone '" + zone + "'");
      try (ResultSet row =
          statement.executeQuery("select trunkline.rfc3339('2026-02-28T23:59:59.123456Z')")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("2026-02-28T23:59:59.123456Z");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "state = 'succeeded', " + OK + "; result_means_success",
        "state = 'open', result = '1'; result_means_success",
        "state = 'failed', error = '{}', result = '1', " + OK + "; result_means_success",
        "state = 'open', finished_at = now(); final_is_dated",
        "state = 'cancelled'; final_is_dated",
        "state = 'failed', " + OK + "; failure_says_why",
        "state = 'succeeded', result = '1', finished_at = now(); success_was_run",
        "attempt = 4; attempt_within_limit",
        "attempt = 0; attempt_within_limit",
        "attempt_limit = 0; attempt_within_limit",
        "state = 'running', finished_at = now(); task_state_check",
        "state = 'queued', finished_at = now(); task_state_check",
        "priority = 10; task_priority_check",
        "priority = -1; task_priority_check",
        "tags = array['a', null]; task_tags_check",
        "max_attempts = 0; task_max_attempts_check",
        "timeout = interval '0'; task_timeout_check",
        "timeout = interval '-1 second'; task_timeout_check",
        "idempotency_key = 'k'; idempotency_is_whole",
        "idempotency_hash = ''; idempotency_is_whole"
      })
  void a_task_outside_the_state_machine_is_refused(String change, String constraint) {
    UUID task = Tasks.in(DATABASE).one();

    assertThatThrownBy(
            () -> DATABASE.update("update trunkline.task set " + change + " where id = ?", task))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("violates check constraint \"" + constraint + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state = 'succeeded', result = 'null', " + OK,
        "state = 'failed', error = '{}', " + OK,
        "state = 'failed', error = '{}', finished_at = now()",
        "state = 'cancelled', finished_at = now()",
        "attempt = 3",
        "priority = 0",
        "priority = 9",
        "tags = '{}'",
        "idempotency_key = 'k', idempotency_hash = ''"
      })
  void a_task_within_it_is_taken(String change) {
    UUID task = Tasks.in(DATABASE).one();

    assertThat(DATABASE.update("update trunkline.task set " + change + " where id = ?", task))
        .isEqualTo(1);
    DATABASE.update("delete from trunkline.task where id = ?", task);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "insert into trunkline.queue (name) values ('Bad'); queue_name_check",
        "insert into trunkline.queue (name) values ('-bad'); queue_name_check",
        "insert into trunkline.lease select gen_random_uuid(), id, '{}', '{}', now()"
            + " from trunkline.worker; lease_check",
        "insert into trunkline.lease select gen_random_uuid(), id, array[id], '{1, 2}', now()"
            + " from trunkline.worker; lease_check",
        "insert into trunkline.attempt select id, 0, 'w', now(), now(), 'failed', null"
            + " from trunkline.task; attempt_number_check",
        "insert into trunkline.attempt select id, 1, 'w', now(), now(), 'succeeded', null"
            + " from trunkline.task; attempt_outcome_check",
        "insert into trunkline.unsuccessful select id, 'succeeded', queue, now()"
            + " from trunkline.task; unsuccessful_state_check",
        REMOTE + "0, 'w', '1 s', now(), now(), now(), now()); remote_lease_attempt_check",
        REMOTE + "1, 'a b', '1 s', now(), now(), now(), now()); remote_lease_worker_check",
        REMOTE + "1, '', '1 s', now(), now(), now(), now()); remote_lease_worker_check",
        REMOTE + "1, 'w', '0', now(), now(), now(), now()); remote_lease_lasts_check",
        REMOTE
            + "1, 'w', '1 s', now(), now(), now(), now() - interval '1 s'); lease_within_timeout",
        "insert into trunkline.remote_worker values (gen_random_uuid(), 'w', null, null, now());"
            + " asks_for_types_or_queues",
        "insert into trunkline.remote_worker values (gen_random_uuid(), 'w', '{a}', '{b}', now());"
            + " asks_for_types_or_queues",
        "insert into trunkline.lease_key values (false, sha256('')); lease_key_single_check",
        "update trunkline.lease_key set key = ''; lease_key_key_check",
        TYPE + "'Bad', 'q', 5, 3, '1 s', now()); task_type_name_check",
        TYPE + "'t', 'q', 10, 3, '1 s', now()); task_type_priority_check",
        TYPE + "'t', 'q', 5, 0, '1 s', now()); task_type_max_attempts_check",
        TYPE + "'t', 'q', 5, 3, '0', now()); task_type_timeout_check"
      })
  void rows_beside_the_task_are_checked_too(String insert, String constraint) {
    Tasks.in(DATABASE).one();
    Tasks.worker(DATABASE, "w");

    assertThatThrownBy(() -> DATABASE.update(insert))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("violates check constraint \"" + constraint + "\"");
  }

  @Test
  void two_tasks_cannot_share_an_idempotency_key() {
    String key =
        "update trunkline.task set idempotency_key = 'one', idempotency_hash = '' where id = ?";
    List<UUID> tasks = Tasks.in(DATABASE).many(2);
    DATABASE.update(key, tasks.getFirst());

    assertThatThrownBy(() -> DATABASE.update(key, tasks.getLast()))
        .hasMessageContaining("task_idempotency_key");
  }

  @Test
  void a_deleted_task_takes_its_history_along() {
    UUID task = Tasks.in(DATABASE).one();
    DATABASE.update(
        "insert into trunkline.attempt values (?, 1, 'w', now(), now(), 'failed', null)", task);
    DATABASE.update("insert into trunkline.unsuccessful values (?, 'failed', 'q', now())", task);

    DATABASE.update("delete from trunkline.task where id = ?", task);

    assertThat(DATABASE.rows("select from trunkline.attempt where task_id = ?", task)).isEmpty();
    assertThat(DATABASE.rows("select from trunkline.unsuccessful where task_id = ?", task))
        .isEmpty();
  }

  @Test
  void the_tests_run_in_the_time_zone_that_they_were_asked_to() {
    assertThat(DATABASE.value(String.class, "show time zone"))
        .isEqualTo(System.getProperty("user.timezone"));
  }

  private static List<UUID> ids(int count) {
    return DATABASE.column(
        UUID.class, "select trunkline.uuidv7() from generate_series(1, ?)", count);
  }
}
