package dev.trunkline.inspect;

import dev.trunkline.task.Task;
import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The look at the tasks that a walk has found: which of them a filter means, as they stand now. The
 * deliveries of callbacks, which no client has submitted, are meant only where their type or queue
 * is asked for.
 */
final class MatchSql {

  /** The ids, the newest first. */
  static final String IDS =
      """
      select s.id
      from (select ?::uuid[] as ids, ?::text as state, ?::text as type, ?::text as queue,
          ?::text as tag, ?::timestamptz as after, ?::timestamptz as before) as a
      join trunkline.task_status s on s.id = any(a.ids)
      where (a.state is null or s.state = a.state)
        and (a.type is null or s.type = a.type)
        and (a.queue is null or s.queue = a.queue)
        and (s.type <> 'callback.deliver' or a.type is not null or a.queue is not null)
        and (a.tag is null or a.tag = any(s.tags))
        and (a.after is null or s.created_at > a.after)
        and (a.before is null or s.created_at < a.before)
      order by s.id desc
      limit ?
      """;

  /**
   * The tasks, the newest first. Each is read when it is fetched, after it was chosen: so a payload
   * is turned into text only if it is in the answer.
   */
  static final String TASKS =
      """
      select v.*, extract(epoch from v.timeout) as timeout_seconds
      from (
        select s.id
        from (select ?::uuid[] as ids, ?::text as state, ?::text as type, ?::text as queue,
            ?::text as tag, ?::timestamptz as after, ?::timestamptz as before) as a
        join trunkline.task_status s on s.id = any(a.ids)
        where (a.state is null or s.state = a.state)
          and (a.type is null or s.type = a.type)
          and (a.queue is null or s.queue = a.queue)
          and (s.type <> 'callback.deliver' or a.type is not null or a.queue is not null)
          and (a.tag is null or a.tag = any(s.tags))
          and (a.after is null or s.created_at > a.after)
          and (a.before is null or s.created_at < a.before)
        order by s.id desc
        limit ?) as chosen
      cross join lateral (
        select * from trunkline.task_status s where s.id = chosen.id offset 0) as v
      order by chosen.id desc
      """;

  private MatchSql() {}

  static void bind(PreparedStatement statement, List<UUID> ids, TaskFilter filter, int limit)
      throws SQLException {
    statement.setArray(1, statement.getConnection().createArrayOf("uuid", ids.toArray()));
    statement.setString(2, filter.state().map(TaskState::word).orElse(null));
    statement.setString(3, filter.type().orElse(null));
    statement.setString(4, filter.queue().orElse(null));
    statement.setString(5, filter.tag().orElse(null));
    statement.setString(6, orNull(filter.createdAfter()));
    statement.setString(7, orNull(filter.createdBefore()));
    statement.setInt(8, limit);
  }

  static Task read(ResultSet row) throws SQLException {
    Task task = new Task();
    task.id = row.getObject("id", UUID.class);
    task.type = row.getString("type");
    task.queue = row.getString("queue");
    task.state = TaskState.of(row.getString("state"));
    task.priority = row.getInt("priority");
    task.tags = tags(row.getArray("tags"));
    task.payload = row.getString("payload");
    task.result = row.getString("result");
    task.error = row.getString("error");
    task.progress = row.getString("progress");
    task.attempt = row.getInt("attempt");
    task.maxAttempts = row.getInt("max_attempts");
    task.timeout = Duration.ofNanos(Math.round(row.getDouble("timeout_seconds") * 1e9));
    task.runAt = row.getObject("run_at", OffsetDateTime.class).toInstant();
    task.createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
    task.startedAt = instant(row, "started_at");
    task.finishedAt = instant(row, "finished_at");
    task.expiresAt = instant(row, "expires_at");
    task.worker = row.getString("worker");
    task.traceparent = row.getString("traceparent");
    return task;
  }

  private static List<String> tags(Array tags) throws SQLException {
    return List.of((String[]) tags.getArray());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable String orNull(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }
}
