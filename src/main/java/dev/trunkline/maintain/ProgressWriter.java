package dev.trunkline.maintain;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.database.StoreException;
import dev.trunkline.execute.AttemptMetrics;
import dev.trunkline.execute.RunningAttempt;
import dev.trunkline.execute.RunningAttempt.Stop;
import dev.trunkline.execute.RunningAttempts;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.task.AttemptToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Writes the newest progress of every attempt of this process, all in one statement. An attempt
 * whose report is refused is not this worker's any more, and is stopped.
 */
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
      returning t.id, t.attempt
      """;

  private static final Logger LOG = Logger.getLogger(ProgressWriter.class);

  private final DataSource dataSource;
  private final RunningAttempts running;
  private final AttemptMetrics metrics;

  ProgressWriter(DataSource dataSource, RunningAttempts running, AttemptMetrics metrics) {
    this.dataSource = dataSource;
    this.running = running;
    this.metrics = metrics;
  }

  @Transactional
  void runOnce() {
    Map<AttemptToken, ProgressReport> reports = new LinkedHashMap<>();
    for (RunningAttempt attempt : running.all()) {
      attempt.takeProgress().ifPresent(report -> reports.put(attempt.task().token(), report));
    }
    if (!reports.isEmpty()) {
      Set<AttemptToken> refused = new HashSet<>(reports.keySet());
      refused.removeAll(write(reports));
      refused.forEach(this::stop);
    }
  }

  /** One that has ended in the meantime is not there any more, or takes no notice. */
  private void stop(AttemptToken refused) {
    for (RunningAttempt attempt : running.all()) {
      if (attempt.task().token().equals(refused) && attempt.stopIfOpen(Stop.LEASE_LOST)) {
        metrics.refused("progress");
        LOG.warnf(
            "The progress of task %s, attempt %d, is refused: its lease was lost.",
            refused.taskId(), refused.attempt());
      }
    }
  }

  private Set<AttemptToken> write(Map<AttemptToken, ProgressReport> reports) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update = connection.prepareStatement(REPORT)) {
      new ArrayColumns<Map.Entry<AttemptToken, ProgressReport>>(update, 1, reports.entrySet())
          .uuid(report -> report.getKey().taskId())
          .int4(report -> report.getKey().attempt())
          .int4(report -> report.getValue().percent())
          .text(report -> report.getValue().message());
      return read(update);
    } catch (SQLException e) {
      throw new StoreException(e);
    }
  }

  private static Set<AttemptToken> read(PreparedStatement update) throws SQLException {
    Set<AttemptToken> written = new HashSet<>();
    try (ResultSet rows = update.executeQuery()) {
      while (rows.next()) {
        written.add(new AttemptToken(rows.getObject(1, UUID.class), rows.getInt(2)));
      }
    }
    return written;
  }
}
