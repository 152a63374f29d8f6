package dev.trunkline.inspect;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The attempts of a task: the recorded ones, and the one that runs or has succeeded. */
final class AttemptsSql {

  static final String LIST =
      """
      select number, worker, started_at, finished_at, outcome, error::text as error
      from trunkline.attempt
      where task_id = ?
      union all
      select attempt, worker, started_at, finished_at, state, null
      from trunkline.task_status
      where id = ? and state in ('running', 'succeeded')
      order by number
      """;

  private AttemptsSql() {}

  static void bind(PreparedStatement statement, UUID taskId) throws SQLException {
    statement.setObject(1, taskId);
    statement.setObject(2, taskId);
  }

  static Attempt read(ResultSet row) throws SQLException {
    return new Attempt(
        row.getInt("number"),
        row.getString("worker"),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        row.getString("outcome"),
        row.getString("error"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
