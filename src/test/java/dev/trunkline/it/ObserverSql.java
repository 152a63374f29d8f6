package dev.trunkline.it;

import dev.trunkline.it.history.Event;
import dev.trunkline.it.history.Event.Attempt;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** Every task with its attempts in one statement, as they would be told over HTTP one by one. */
final class ObserverSql {

  private static final String ALL =
      """
      with told as (
        select task_id, number, worker, started_at, finished_at, outcome from trunkline.attempt
        union all
        select id, attempt, worker, started_at, finished_at, state from trunkline.task_status
        where state = 'succeeded'
      )
      select s.id, s.state, s.attempt, s.run_at, t.number, t.worker, t.started_at, t.finished_at,
        t.outcome
      from trunkline.task_status s
      left join told t on t.task_id = s.id
      order by s.id, t.number
      """;

  private ObserverSql() {}

  static Map<String, Event.Observed> read(String url, Instant asked) {
    Map<String, Event.Observed> seen = new HashMap<>();
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement all = connection.prepareStatement(ALL);
        ResultSet row = all.executeQuery()) {
      while (row.next()) {
        Event.Observed task = seen.computeIfAbsent(row.getString("id"), id -> task(row, id, asked));
        if (row.getObject("number") != null) {
          task.attempts().add(attempt(row));
        }
      }
      return seen;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Event.Observed task(ResultSet row, String id, Instant asked) {
    try {
      return new Event.Observed(
          Instant.now(),
          "observer",
          asked,
          id,
          row.getString("state"),
          row.getInt("attempt"),
          time(row, "run_at"),
          new ArrayList<>());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Attempt attempt(ResultSet row) throws SQLException {
    return new Attempt(
        row.getInt("number"),
        row.getString("worker"),
        time(row, "started_at"),
        time(row, "finished_at"),
        row.getString("outcome"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
