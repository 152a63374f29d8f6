package dev.trunkline.claim;

import dev.trunkline.claim.RemoteClaim.Seat;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.database.ArrayColumns;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The claim for workers outside of the service, and the look whether there is anything for them.
 */
final class RemoteClaimSql {

  /**
   * Takes due tasks, as many as there are seats, by the same rules as a claim for a process of the
   * service. All lanes share the seats: the first priority comes first, and of several queues the
   * one whose first task has been due the longest. So that no more is locked than is taken, it
   * walks one lane after the other; a batch from several queues is in order only queue by queue.
   *
   * <p>Where the payloads are so long that the answer would be too, it takes fewer.
   *
   * <p>Each task has a lease of its own, which is over with the task's timeout at the latest.
   */
  static final String CLAIM =
      """
      with asked as materialized (
        select ?::text[] as types, ?::text[] as only_queues, ?::timestamptz as since,
          ?::text as open_queues
      ), seat as materialized (
        select * from unnest(?::text[], ?::interval[]) with ordinality as s (worker, lasts, ord)
      ), start as materialized (
        select * from unnest(?::text[], ?::smallint[], ?::timestamptz[], ?::uuid[])
          as s (queue, priority, due, task_id)
      ), open_queue as materialized (
        select q.name from trunkline.open_queues() as q (name)
      ), all_open as materialized (
        select coalesce(md5(string_agg(q.name, ',' order by q.name)), '') as queues
        from open_queue q
      ), filled as materialized (
        select lane.*, r.due as first
        from (select q.name as queue, a.types, l.priority::smallint as priority,
                coalesce(s.due, case when o.queues = a.open_queues then a.since end, '-infinity')
                  as due,
                coalesce(s.task_id, '00000000-0000-0000-0000-000000000000') as task_id
              from asked a
              cross join all_open o
              join open_queue q on a.only_queues is null or q.name = any(a.only_queues)
              cross join generate_series(0, 9) as l (priority)
              left join start s on s.queue = q.name and s.priority = l.priority) as lane
      """
          + ClaimSql.IN_LANE
          + """
                limit 1) r
          ), picked as materialized (
            select r.*
            from (select * from filled f order by f.priority, f.first, f.queue) as lane
          """
          + ClaimSql.IN_LANE
          + """
                limit (select count(*) from seat)
                for update skip locked) r
            limit (select count(*) from seat)
          ), found as materialized (
            select p.ctid, p.due, t.*, octet_length(t.payload) as bytes
            from picked p
            cross join lateral (
              select t.id, t.type, t.queue, t.priority, t.tags, t.payload::text as payload,
                t.error::text as error, t.progress::text as progress, t.attempt, t.max_attempts,
                t.timeout, t.run_at, t.created_at, t.expires_at, t.traceparent
              from trunkline.task t
              where t.id = p.task_id
              limit 1) t
          ), taken as materialized (
            select m.*
            from (select f.*, row_number() over turn as ord, sum(f.bytes) over turn - f.bytes as before
                  from found f
                  window turn as (order by f.priority, f.due, f.id rows unbounded preceding)) m
            where m.before < ?
          ), gone as (
            delete from trunkline.ready where ctid = any(array(select ctid from taken))
          ), leased as (
            insert into trunkline.remote_lease (task_id, attempt, worker, lasts, started_at,
              heartbeat_at, expires_at, ends_at)
            select t.id, t.attempt, s.worker, s.lasts, now.at, now.at,
              now.at + least(s.lasts, t.timeout), now.at + t.timeout
            from taken t
            join seat s on s.ord = t.ord
            cross join (select clock_timestamp() as at) as now
            returning task_id, worker, started_at, expires_at
          )
          select t.id, t.type, t.queue, t.priority, t.tags, t.payload, t.error, t.progress,
            t.attempt, t.max_attempts, extract(epoch from t.timeout) as timeout, t.run_at,
            t.created_at, t.expires_at, t.traceparent, t.due, t.bytes, l.worker, l.started_at,
            l.expires_at as lease_expires_at
          from taken t
          join leased l on l.task_id = t.id
          order by t.ord
          """;

  /**
   * Which types have something due in which open queues, and nobody takes anything: one walk for
   * any number of wishes, over what has become due since the last one. The OFFSET keeps the planner
   * at one walk of the key for each lane; without it, it joins, and may read all that is due.
   */
  static final String LOOK =
      """
      with asked as materialized (
        select ?::timestamptz as since, ?::text as open_queues
      ), all_open as materialized (
        select coalesce(md5(string_agg(q.name, ',' order by q.name)), '') as queues
        from trunkline.queue q
        where q.paused_at is null
      )
      select q.name as queue, r.type
      from (select coalesce(case when o.queues = a.open_queues then a.since end, '-infinity') as due
            from asked a cross join all_open o) as start
      cross join trunkline.queue q
      cross join generate_series(0, 9) as l (priority)
      cross join lateral (
        select r.type
        from trunkline.ready r
        where r.queue = q.name and r.priority = l.priority::smallint
          and r.due > start.due and r.due <= statement_timestamp()
          and (r.expires_at is null or r.expires_at > statement_timestamp())
        offset 0) r
      where q.paused_at is null
      group by q.name, r.type
      """;

  /**
   * What is known before a look or a claim in the same transaction: the time, from which the next
   * one may start, what stands for the open queues, and when the next task is due.
   */
  static final String TELL =
      """
      select statement_timestamp() as at,
        coalesce(md5(string_agg(q.name, ',' order by q.name)), '') as open_queues,
        extract(epoch from min(n.due) - statement_timestamp()) as seconds
      from trunkline.queue q
      left join lateral (
        select min(first.due) as due
        from generate_series(0, 9) as l (priority)
        cross join lateral (
          select r.due
          from trunkline.ready r
          where r.queue = q.name and r.priority = l.priority::smallint
            and r.due > statement_timestamp()
          order by r.due
          limit 1) first) n on true
      where q.paused_at is null
      """;

  private RemoteClaimSql() {}

  static void bind(PreparedStatement statement, RemoteClaim.Request request) throws SQLException {
    statement.setArray(1, names(statement, request.types()));
    statement.setArray(2, names(statement, request.onlyQueues()));
    bindSince(statement, 3, request.since());
    new ArrayColumns<Seat>(statement, 5, request.seats())
        .text(Seat::worker)
        .text(seat -> seat.lease().toString());
    new ArrayColumns<Map.Entry<Lane, Position>>(statement, 7, request.from().entrySet())
        .text(start -> start.getKey().queue())
        .int2(start -> start.getKey().priority())
        .text(start -> start.getValue().due().toString())
        .uuid(start -> start.getValue().taskId());
    statement.setInt(11, RemoteClaim.LONGEST);
  }

  /** Binds a time and what stands for the queues that were open then, from this placeholder on. */
  static void bindSince(PreparedStatement statement, int first, Optional<RemoteClaim.Since> since)
      throws SQLException {
    statement.setObject(first, since.map(RemoteClaim.Since::due).orElse(null));
    statement.setString(first + 1, since.map(RemoteClaim.Since::openQueues).orElse(null));
  }

  private static java.sql.@Nullable Array names(
      PreparedStatement statement, Optional<List<String>> names) throws SQLException {
    Connection connection = statement.getConnection();
    return names.isEmpty() ? null : connection.createArrayOf("text", names.get().toArray());
  }

  static RemoteClaim.Tidings readTidings(ResultSet row) throws SQLException {
    double seconds = row.getDouble("seconds");
    Optional<Duration> nextDue =
        row.wasNull() ? Optional.empty() : Optional.of(ClaimSql.seconds(seconds));
    return new RemoteClaim.Tidings(
        row.getObject("at", OffsetDateTime.class), row.getString("open_queues"), nextDue);
  }

  static RemoteClaim.Row read(ResultSet row) throws SQLException {
    Task task = new Task();
    task.id = row.getObject("id", UUID.class);
    task.type = row.getString("type");
    task.queue = row.getString("queue");
    task.state = TaskState.RUNNING;
    task.priority = row.getInt("priority");
    task.tags = List.of((String[]) row.getArray("tags").getArray());
    task.payload = row.getString("payload");
    task.error = row.getString("error");
    task.progress = row.getString("progress");
    task.attempt = row.getInt("attempt");
    task.maxAttempts = row.getInt("max_attempts");
    task.timeout = ClaimSql.seconds(row.getDouble("timeout"));
    task.runAt = instant(row, "run_at");
    task.createdAt = instant(row, "created_at");
    task.startedAt = instant(row, "started_at");
    task.expiresAt =
        Optional.ofNullable(row.getObject("expires_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant)
            .orElse(null);
    task.worker = row.getString("worker");
    task.traceparent = row.getString("traceparent");
    OffsetDateTime due = row.getObject("due", OffsetDateTime.class);
    return new RemoteClaim.Row(
        task,
        instant(row, "lease_expires_at"),
        new Lane(task.queue, task.priority),
        new Position(due, task.id),
        row.getInt("bytes"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
