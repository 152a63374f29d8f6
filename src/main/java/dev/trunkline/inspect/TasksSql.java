package dev.trunkline.inspect;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Many tasks by their ids, as the entity reads one, but in one statement for any number. */
final class TasksSql {

  static final String READ =
      """
      with wanted as materialized (
        select unnest(?::uuid[]) as id
      )
      select s.id, s.type, s.queue, s.state, s.priority, s.tags, s.payload, s.result, s.error,
        s.progress, s.attempt, s.max_attempts,
        (extract(epoch from s.timeout) * 1000000)::bigint as timeout_micros, s.run_at,
        s.created_at, s.started_at, s.finished_at, s.expires_at, s.worker, s.traceparent
      from wanted w
      join trunkline.task_status s on s.id = w.id
      """;

  private TasksSql() {}

  static void bind(PreparedStatement statement, Collection<UUID> ids) throws SQLException {
    new ArrayColumns<UUID>(statement, 1, ids).uuid(id -> id);
  }

  static Task read(ResultSet row) throws SQLException {
    Task task = new Task();
    task.id = row.getObject("id", UUID.class);
    task.type = row.getString("type");
    task.queue = row.getString("queue");
    task.state = TaskState.of(row.getString("state"));
    task.priority = row.getInt("priority");
    task.tags = List.of((String[]) row.getArray("tags").getArray());
    task.payload = row.getString("payload");
    task.result = row.getString("result");
    task.error = row.getString("error");
    task.progress = row.getString("progress");
    task.attempt = row.getInt("attempt");
    task.maxAttempts = row.getInt("max_attempts");
    task.timeout = Duration.of(row.getLong("timeout_micros"), ChronoUnit.MICROS);
    readTimes(row, task);
    task.worker = row.getString("worker");
    task.traceparent = row.getString("traceparent");
    return task;
  }

  private static void readTimes(ResultSet row, Task task) throws SQLException {
    task.runAt = row.getObject("run_at", OffsetDateTime.class).toInstant();
    task.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
    task.startedAt = instant(row, "started_at");
    task.finishedAt = instant(row, "finished_at");
    task.expiresAt = instant(row, "expires_at");
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
