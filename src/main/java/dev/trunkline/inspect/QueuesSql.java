package dev.trunkline.inspect;

import dev.trunkline.inspect.QueueStatus.Depth;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements that look at queues. */
final class QueuesSql {

  /**
   * Everything, exactly; it reads all that waits and all that failed. What runs is looked up task
   * by task, by the limit that no planner joins away: with many leases it would read all of {@code
   * task} instead.
   */
  static final String COUNT_ALL =
      """
      select q.name, coalesce(r.scheduled, 0) as scheduled, coalesce(r.queued, 0) as queued,
        coalesce(l.running, 0) as running, coalesce(u.failed, 0) as failed,
        coalesce(u.cancelled, 0) as cancelled, coalesce(r.oldest, 0) as oldest,
        statement_timestamp() as counted_at
      from trunkline.queue q
      left join (
        select queue, count(*) filter (where due > statement_timestamp()) as scheduled,
          count(*) filter (where due <= statement_timestamp()) as queued,
          extract(epoch from greatest(statement_timestamp() - min(due), interval '0')) as oldest
        from trunkline.ready
        group by queue) r on r.queue = q.name
      left join (
        select t.queue, count(*) as running
        from (
          select member.task_id, member.attempt
          from trunkline.lease l
          cross join unnest(l.task_ids, l.attempts) as member (task_id, attempt)
          union all
          select task_id, attempt from trunkline.remote_lease) as held
        cross join lateral (
          select t.queue
          from trunkline.task t
          where t.id = held.task_id and t.attempt = held.attempt and t.state = 'open'
          limit 1) t
        group by t.queue) l on l.queue = q.name
      left join (
        select queue, count(*) filter (where state = 'failed') as failed,
          count(*) filter (where state = 'cancelled') as cancelled
        from trunkline.unsuccessful
        group by queue) u on u.queue = q.name
      """;

  /** How many queues there are. */
  static final String NUMBER =
      """
      select count(*) from trunkline.queue
      """;

  /**
   * The queues as they stand, one or those behind a name, each number counted up to a bound. What
   * waits is found priority by priority, so that those for later do not stand in front of those
   * that are due. Each count has an order, without which the planner may gather all that there is
   * before it counts the first. The list is ordered as the bytes are, wherever the database stands.
   */
  static final String LOOK =
      """
      with asked as materialized (
        select ?::text as name, ?::text as after, ?::int as queues, ?::int as most
      ), page as materialized (
        select q.name, q.created_at, q.paused_at
        from asked a
        join trunkline.queue q
          on coalesce(q.name = a.name, q.name > a.after collate "C")
        order by q.name collate "C"
        limit (select queues from asked)
      ), lane as materialized (
        select l.priority::smallint as priority from generate_series(0, 9) as l (priority)
      ), held as materialized (
        select member.task_id, member.attempt
        from trunkline.lease l
        cross join unnest(l.task_ids, l.attempts) as member (task_id, attempt)
        union all
        select h.task_id, h.attempt from trunkline.remote_lease h
      ), running as materialized (
        select t.queue, count(*) as count
        from held h
        cross join lateral (
          select t.queue
          from trunkline.task t
          where t.id = h.task_id and t.attempt = h.attempt and t.state = 'open'
          limit 1) t
        group by t.queue
      ), done as materialized (
        select p.queue, sum(p.attempts) as attempts, sum(p.succeeded) as succeeded
        from trunkline.throughput p
        where p.measured_at > statement_timestamp() - interval '15 s'
        group by p.queue
      ), worker as materialized (
        select w.queues, w.capacity, w.capacities
        from trunkline.worker w
        where w.dead_at is null and w.expires_at > statement_timestamp()
        union all
        select w.queues, w.capacity, '{}'
        from trunkline.remote_worker w
        where w.expires_at > statement_timestamp()
          or w.name in (
            select h.worker from trunkline.remote_lease h
            where h.expires_at > statement_timestamp())
      )
      select q.name, q.created_at, q.paused_at, statement_timestamp() as counted_at,
        (select count(*)
         from (
           select from lane l cross join lateral (
             select from trunkline.ready r
             where r.queue = q.name and r.priority = l.priority and r.due > statement_timestamp()
             order by r.due, r.task_id
             limit a.most) r
           limit a.most) as counted) as scheduled,
        (select count(*)
         from (
           select from lane l cross join lateral (
             select from trunkline.ready r
             where r.queue = q.name and r.priority = l.priority and r.due <= statement_timestamp()
             order by r.due, r.task_id
             limit a.most) r
           limit a.most) as counted) as queued,
        coalesce((select r.count from running r where r.queue = q.name), 0) as running,
        (select count(*)
         from (
           select from trunkline.unsuccessful u
           where u.queue = q.name and u.state = 'failed'
           order by u.task_id
           limit a.most) as counted) as failed,
        (select count(*)
         from (
           select from trunkline.unsuccessful u
           where u.queue = q.name and u.state = 'cancelled'
           order by u.task_id
           limit a.most) as counted) as cancelled,
        (select extract(epoch from statement_timestamp() - min(first.due))
         from lane l cross join lateral (
           select r.due from trunkline.ready r
           where r.queue = q.name and r.priority = l.priority and r.due <= statement_timestamp()
           order by r.due
           limit 1) as first) as oldest,
        coalesce(d.attempts, 0) as attempts, coalesce(d.succeeded, 0) as succeeded,
        w.workers, w.capacity
      from page q
      cross join asked a
      left join done d on d.queue = q.name
      cross join lateral (
        select count(*) as workers,
          coalesce(sum(coalesce((w.capacities->>q.name)::int, w.capacity)), 0) as capacity
        from worker w
        where w.queues is null or q.name = any(w.queues)) as w
      order by q.name collate "C"
      """;

  private QueuesSql() {}

  static void bindOne(PreparedStatement statement, String name, int most) throws SQLException {
    bind(statement, Optional.of(name), "", 1, most);
  }

  static void bindPage(PreparedStatement statement, String after, int queues, int most)
      throws SQLException {
    bind(statement, Optional.empty(), after, queues, most);
  }

  private static void bind(
      PreparedStatement statement, Optional<String> name, String after, int queues, int most)
      throws SQLException {
    statement.setString(1, name.orElse(null));
    statement.setString(2, after);
    statement.setInt(3, queues);
    statement.setInt(4, most);
  }

  static QueueStatus read(ResultSet row) throws SQLException {
    double oldest = row.getDouble("oldest");
    Optional<Duration> oldestDue = row.wasNull() ? Optional.empty() : Optional.of(seconds(oldest));
    return new QueueStatus(
        row.getString("name"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(instant(row, "paused_at")),
        depth(row),
        row.getObject("counted_at", OffsetDateTime.class).toInstant(),
        false,
        oldestDue,
        row.getLong("attempts"),
        row.getLong("succeeded"),
        row.getInt("workers"),
        row.getLong("capacity"));
  }

  static Depth depth(ResultSet row) throws SQLException {
    return new Depth(
        row.getLong("scheduled"),
        row.getLong("queued"),
        row.getLong("running"),
        row.getLong("failed"),
        row.getLong("cancelled"));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1_000));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
