package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFaultTest {

  @ParameterizedTest
  @CsvSource({
    // cannot connect, connection lost, too many connections, disk full, shutdown, query cancelled
    "08001, UNAVAILABLE",
    "08006, UNAVAILABLE",
    "53300, UNAVAILABLE",
    "53100, UNAVAILABLE",
    "57P01, UNAVAILABLE",
    "57P03, UNAVAILABLE",
    "57014, UNAVAILABLE",
    "58030, UNAVAILABLE",
    // a standby; no schema, table or function yet
    "25006, UNAVAILABLE",
    "3F000, UNAVAILABLE",
    "42P01, UNAVAILABLE",
    "42883, UNAVAILABLE",
    // the server ended a session that was idle in its transaction, or in it for too long
    "25P03, UNAVAILABLE",
    "25P04, UNAVAILABLE",
    // serialisation, deadlock, lock not available
    "40001, CONFLICT",
    "40P01, CONFLICT",
    "55P03, CONFLICT",
    // NUL in jsonb, no JSON, out of range, no interval
    "22P05, BAD_DATA",
    "22P02, BAD_DATA",
    "22003, BAD_DATA",
    "22015, BAD_DATA",
    "54000, BAD_DATA",
    "54001, BAD_DATA",
    // unique, check, syntax, no rights, transaction aborted, internal
    "23505, UNEXPECTED",
    "23514, UNEXPECTED",
    "42601, UNEXPECTED",
    "42501, UNEXPECTED",
    "25P02, UNEXPECTED",
    "XX000, UNEXPECTED",
    "00000, UNEXPECTED"
  })
  void a_state_tells_what_to_do(String state, SqlFault fault) {
    assertThat(SqlFault.of(new SQLException("", state))).isEqualTo(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08003", "08006", "57P01", "57P03", "57P05", "25006", "25P03", "25P04"})
  void a_connection_that_broke_or_can_never_write_leaves_the_pool(String state) {
    assertThat(SqlFault.endsConnection(new SQLException("", state))).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "57014", "40P01", "55P03", "22P05", "25P02", "53100", "XX000"})
  void a_statement_that_failed_leaves_its_connection_in_the_pool(String state) {
    assertThat(SqlFault.endsConnection(new SQLException("", state))).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "0800", "080066"})
  void without_a_state_the_pool_gave_no_connection(String state) {
    assertThat(SqlFault.of(new SQLException("", state))).isEqualTo(SqlFault.UNAVAILABLE);
  }

  @Test
  void it_is_found_however_deep_it_is_wrapped() {
    SQLException sql = new SQLException("", "40P01");

    assertThat(SqlFault.behind(sql)).contains(SqlFault.CONFLICT);
    assertThat(SqlFault.behind(new StoreException(sql))).contains(SqlFault.CONFLICT);
    assertThat(
            SqlFault.behind(
                new CompletionException(new IllegalStateException(new StoreException(sql)))))
        .contains(SqlFault.CONFLICT);
  }

  @Test
  void it_is_found_among_the_suppressed() {
    IllegalStateException rollback = new IllegalStateException("rolled back");
    rollback.addSuppressed(new StoreException(new SQLException("", "08006")));

    assertThat(SqlFault.behind(new RuntimeException(rollback))).contains(SqlFault.UNAVAILABLE);
  }

  @Test
  void where_no_sql_was_at_fault_there_is_none() {
    assertThat(SqlFault.behind(new IllegalStateException(new RuntimeException()))).isEmpty();
  }

  @Test
  void a_circle_of_causes_comes_to_an_end() {
    RuntimeException one = new RuntimeException();
    RuntimeException two = new RuntimeException(one);
    one.initCause(two);

    assertThat(SqlFault.behind(one)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"UNAVAILABLE, true", "CONFLICT, true", "BAD_DATA, false", "UNEXPECTED, false"})
  void only_what_passes_is_tried_again(SqlFault fault, boolean passes) {
    assertThat(fault.passes()).isEqualTo(passes);
  }
}
