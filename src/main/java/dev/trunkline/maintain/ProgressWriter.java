package dev.trunkline.maintain;

import dev.trunkline.database.ArrayColumns;
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
import java.util.LinkedHashMap;
import java.util.Map;
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
      new ArrayColumns<Map.Entry<AttemptToken, ProgressReport>>(update, 1, reports.entrySet())
          .add("uuid", report -> report.getKey().taskId())
          .add("int4", report -> report.getKey().attempt())
          .add("int4", report -> report.getValue().percent())
          .add("text", report -> report.getValue().message());
      update.executeUpdate();
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }
}
