package dev.trunkline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trunkline.it.PgBouncer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

class ConnectionSetupSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final String LIMITS =
      """
      select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' '
        || current_setting('idle_in_transaction_session_timeout') || ' '
        || current_setting('enable_seqscan') || ' ' || current_setting('enable_bitmapscan')
      """;

  private static final String INSERT =
      "insert into public.alone select %s from generate_series(1, 1) as s (n) returning n";

  private final ConnectionSetup setup = new ConnectionSetup();

  @Test
  void a_direct_connection_keeps_its_limits_and_prepares_what_is_repeated() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      setup.onConnectionCreate(connection);

      assertThat(ask(connection, LIMITS)).isEqualTo("15s 2s 15s off off");
      repeat(connection);
      assertThat(ask(connection, "select count(*) from pg_prepared_statements")).isNotEqualTo("0");
    }
  }

  @Test
  void no_plan_is_compiled() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      assertThat(ask(connection, "show jit")).isEqualTo("on");
      setup.onConnectionCreate(connection);

      assertThat(ask(connection, "show jit")).isEqualTo("off");
    }
  }

  @Test
  void on_a_direct_connection_a_transaction_costs_no_statement_more() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      setup.onConnectionCreate(connection);
      ask(connection, "select set_config('statement_timeout', '7s', false)");
      connection.setAutoCommit(false);

      setup.onConnectionAcquire(connection);

      assertThat(ask(connection, LIMITS)).isEqualTo("7s 2s 15s off off");
    }
  }

  @Test
  void a_transaction_that_is_known_to_take_long_may_be_idle_so_long_and_the_next_one_may_not()
      throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      setup.onConnectionCreate(connection);
      connection.setAutoCommit(false);

      ConnectionSetup.idleAtMost(
          Duration.ofMinutes(11),
          () -> {
            setup.onConnectionAcquire(connection);
            return true;
          });

      assertThat(ask(connection, LIMITS)).isEqualTo("15s 2s 11min on on");
      connection.commit();
      setup.onConnectionAcquire(connection);
      assertThat(ask(connection, LIMITS)).isEqualTo("15s 2s 15s off off");
    }
  }

  @Test
  void through_a_pooler_the_limits_hold_in_each_transaction_and_are_not_left_behind()
      throws SQLException {
    try (PgBouncer pooler = pooler();
        Connection connection = connect(pooler)) {
      setup.onConnectionCreate(connection);
      assertThat(ask(connection, LIMITS)).isEqualTo("0 0 0 on on");

      connection.setAutoCommit(false);
      setup.onConnectionAcquire(connection);
      assertThat(ask(connection, LIMITS)).isEqualTo("15s 2s 15s off off");
      connection.commit();
      connection.setAutoCommit(true);
      assertThat(ask(connection, LIMITS)).isEqualTo("0 0 0 on on");
    }
  }

  @Test
  void one_statement_alone_has_the_limits_too_and_commits_or_leaves_nothing() throws SQLException {
    DATABASE.update("create table if not exists public.alone (n int)");
    try (PgBouncer pooler = pooler()) {
      DataSource pooled = unprepared(pooler);
      assertThat(ConnectionSetup.<String>alone(pooled, it -> ask(it, LIMITS)))
          .isEqualTo("15s 2s 15s off off");
      for (DataSource source : List.of(DATABASE.dataSource(), pooled)) {
        String first = ConnectionSetup.alone(source, it -> ask(it, INSERT.formatted("1")));
        assertThat(first).isEqualTo("1");
        assertThatThrownBy(
                () -> ConnectionSetup.alone(source, it -> ask(it, INSERT.formatted("1 / (n - 1)"))))
            .hasMessageContaining("division by zero");
      }
    }
    assertThat(DATABASE.count("select count(*) from public.alone")).isEqualTo(2);
  }

  @Test
  void through_a_pooler_clients_of_one_server_connection_may_repeat_the_same_statement()
      throws SQLException {
    try (PgBouncer pooler = pooler();
        Connection one = connect(pooler);
        Connection other = connect(pooler)) {
      setup.onConnectionCreate(one);
      setup.onConnectionCreate(other);

      assertThatCode(
              () -> {
                repeat(one);
                repeat(other);
                repeat(one);
              })
          .doesNotThrowAnyException();
      assertThat(ask(one, "select count(*) from pg_prepared_statements")).isEqualTo("0");
    }
  }

  @Test
  void a_server_connection_that_was_left_listening_is_silenced_by_the_next_transaction()
      throws SQLException {
    String listening = "select count(*) from pg_listening_channels()";
    try (PgBouncer pooler = pooler();
        Connection gone = connect(pooler);
        Connection connection = connect(pooler)) {
      execute(gone, "listen trunkline");
      setup.onConnectionCreate(connection);
      setup.onConnectionAcquire(connection);
      assertThat(ask(connection, listening)).as("outside of a transaction").isEqualTo("1");

      connection.setAutoCommit(false);
      setup.onConnectionAcquire(connection);
      connection.commit();
      assertThat(ask(connection, listening)).isEqualTo("0");
    }
  }

  @Test
  void a_connection_that_does_not_answer_is_found_out_by_its_first_user() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      PGConnection postgres = connection.unwrap(PGConnection.class);
      DATABASE.value(Boolean.class, "select pg_terminate_backend(?)", postgres.getBackendPID());

      assertThatCode(() -> setup.onConnectionCreate(connection)).doesNotThrowAnyException();
      assertThat(postgres.getPrepareThreshold()).isZero();
    }
  }

  /** With one server connection, which all clients share. */
  private static PgBouncer pooler() {
    assumeTrue(PgBouncer.program().isPresent(), PgBouncer.HOW_TO_INSTALL);
    return new PgBouncer(DATABASE.port(), 1);
  }

  private static Connection connect(PgBouncer pooler) throws SQLException {
    return DriverManager.getConnection(pooler.url(DATABASE.name()));
  }

  private static DataSource unprepared(PgBouncer pooler) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(pooler.url(DATABASE.name()));
    source.setPrepareThreshold(0);
    return source;
  }

  private static void repeat(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("select ?::int")) {
      for (int i = 0; i < 10; i++) {
        statement.setInt(1, i);
        statement.executeQuery().close();
      }
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
