package dev.trunkline.maintain;

import dev.trunkline.database.StoreException;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.task.AttemptToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;

/** Writes the newest progress of every attempt of this process, all in one statement. */
@ApplicationScoped
class ProgressWriter {

  /**
   * Guarded like every write of an attempt: a report of one that is over changes nothing. In the
   * order of the ids, like the ends of attempts, which may be written at the same moment.
   */
  static final String REPORT =
      """
      with report as materialized (
        select * from unnest(?::uuid[], ?::int[], ?::int[], ?::text[])
          as r (task_id, attempt, percent, message)
        order by r.task_id
      )
      update trunkline.task t
      set progress = jsonb_build_object('percent', r.percent, 'message', r.message,
        'at', trunkline.rfc3339(clock_timestamp()))
      from report r
      where t.id = r.task_id and t.attempt = r.attempt and t.state = 'open'
      """;

  private final DataSource dataSource;
  private final RunningAttempts running;

  ProgressWriter(DataSource dataSource, RunningAttempts running) {
    this.dataSource = dataSource;
    this.running = running;
  }

  @Transactional
  void runOnce() {
    Map<AttemptToken, ProgressReport> reports = new LinkedHashMap<>();
    for (RunningAttempt attempt : running.all()) {
      attempt.takeProgress().ifPresent(report -> reports.put(attempt.task().token(), report));
    }
    if (!reports.isEmpty()) {
      write(reports);
    }
  }

  private void write(Map<AttemptToken, ProgressReport> reports) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(REPORT)) {
      setArray(update, 1, "uuid", reports.keySet(), AttemptToken::taskId);
      setArray(update, 2, "int4", reports.keySet(), AttemptToken::attempt);
      setArray(update, 3, "int4", reports.values(), ProgressReport::percent);
      setArray(update, 4, "text", reports.values(), ProgressReport::message);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static <T> void setArray(
      PreparedStatement update,
      int index,
      String type,
      Collection<T> rows,
      Function<T, Object> column)
      throws SQLException {
    Object[] values = rows.stream().map(column).toArray();
    update.setArray(index, update.getConnection().createArrayOf(type, values));
  }
}
