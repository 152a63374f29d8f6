package dev.trunkline.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.database.Unreachable;
import dev.trunkline.execute.Attempts;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CancellationsSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private final RunningAttempts running = new RunningAttempts();
  private final Cancellations cancellations = new Cancellations(DATABASE.dataSource(), running);

  @Test
  void only_the_attempt_that_is_to_stop_is_interrupted() {
    UUID wanted = Tasks.in(DATABASE).one();
    UUID other = Tasks.in(DATABASE).one();
    RunningAttempt stops = Attempts.add(running, wanted, 1);
    RunningAttempt stale = Attempts.add(running, wanted, 0);
    RunningAttempt goesOn = Attempts.add(running, other, 1);
    DATABASE.update("update trunkline.task set cancel_requested_at = now() where id = ?", wanted);

    cancellations.runOnce();

    assertThat(stops.isCancelled()).isTrue();
    assertThat(stale.isCancelled()).isFalse();
    assertThat(goesOn.isCancelled()).isFalse();
  }

  @Test
  void nor_is_the_whole_table_read_that_nobody_has_analysed() throws SQLException {
    TestDatabase fresh = TestDatabase.fresh();
    Tasks.in(fresh).many(20_000);
    try (Connection connection = fresh.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(Cancellations.REQUESTED);
      ResultSet scans =
          statement.executeQuery(
              """
              select seq_scan, idx_scan from pg_stat_xact_user_tables
              where schemaname = 'trunkline' and relname = 'task'
              """);
      assertThat(scans.next()).isTrue();
      assertThat(scans.getLong("seq_scan")).isZero();
      assertThat(scans.getLong("idx_scan")).isEqualTo(1);
    }
  }

  @Test
  void nobody_is_asked_while_nothing_runs() {
    new Cancellations(Unreachable.times(1, DATABASE.dataSource()), running).runOnce();
  }
}
