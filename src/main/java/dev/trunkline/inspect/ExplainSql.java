package dev.trunkline.inspect;

import dev.trunkline.inspect.Standing.Rivals;
import dev.trunkline.task.TaskState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statement that gathers what keeps a task from running. */
final class ExplainSql {

  /** Tasks that are looked at in front of one; its position is exact up to there. */
  static final int MOST = 10_000;

  /**
   * One row, of one moment. Workers are those that live: processes of the service, and whoever has
   * asked for work over HTTP lately or holds a lease. Those who have not said what they can run (of
   * an older version, or asking for queues) may run anything. Those in front are found lane by lane
   * in the order of the claims, as far as {@link #MOST}; then those are counted that the same
   * workers can run. Whoever is outside has the room that it has asked for, in all queues together.
   * The planner is not told the bound, for it would gather all that is in front where it expects
   * less.
   */
  static final String LOOK =
      """
      with bound as materialized (
        select 10000 as most
      ), task as materialized (
        select s.id, s.state, s.type, s.queue, s.priority, s.run_at, s.expires_at, s.attempt,
          s.error, s.worker, s.started_at, s.finished_at, t.cancel_requested_at
        from trunkline.task_status s
        join trunkline.task t on t.id = s.id
        where s.id = ?
      ), held as materialized (
        select h.worker as name, count(*) as running
        from trunkline.remote_lease h
        where h.expires_at > statement_timestamp()
          and exists (select from task where state = 'queued')
        group by h.worker
      ), living as materialized (
        select w.id::text as who, w.id, w.types, w.queues,
          coalesce((w.capacities->>t.queue)::int, w.capacity) as capacity, null::bigint as running
        from task t
        join trunkline.worker w on w.dead_at is null and w.expires_at > statement_timestamp()
        where t.state = 'queued'
        union all
        select 'http ' || w.name, null, w.types, w.queues, w.capacity, coalesce(h.running, 0)
        from task t
        cross join trunkline.remote_worker w
        left join held h on h.name = w.name
        where t.state = 'queued' and (w.expires_at > statement_timestamp() or h.name is not null)
      ), able as materialized (
        select l.*, l.types is null or t.type = any(l.types) as has_type,
          l.queues is null or t.queue = any(l.queues) as has_queue
        from task t cross join living l
      ), fit as materialized (
        select f.inside, f.capacity, coalesce(f.running, r.running) as running
        from (
          select who, id, id is not null as inside, max(capacity) as capacity,
            max(running) as running
          from able
          where has_type and has_queue
          group by who, id) f
        cross join task t
        left join lateral (
          select count(*) as running
          from trunkline.lease e
          cross join unnest(e.task_ids, e.attempts) as member (task_id, attempt)
          cross join lateral (
            select o.queue from trunkline.task o
            where o.id = member.task_id and o.attempt = member.attempt and o.state = 'open'
            limit 1) o
          where e.worker_id = f.id and o.queue = t.queue) r on f.inside
      ), room as materialized (
        select inside, capacity, running, greatest(coalesce(capacity, running + 1) - running, 0) as free
        from fit
      ), runnable as materialized (
        select bool_or(a.types is null) as everything,
          array(select distinct unnest(b.types) from able b where b.has_type and b.has_queue) as types
        from able a
        where a.has_type and a.has_queue
      ), front as materialized (
        select seen.type, seen.expires_at
        from task t
        cross join lateral (
          select r.type, r.expires_at
          from generate_series(0, t.priority) as l (priority)
          cross join lateral (
            select r.type, r.expires_at
            from trunkline.ready r
            where r.queue = t.queue and r.priority = l.priority::smallint
              and r.due
                <= case when l.priority < t.priority then statement_timestamp() else t.run_at end
              and (l.priority < t.priority or (r.due, r.task_id) < (t.run_at, t.id))
            order by r.due, r.task_id
            limit (select most from bound)) r
          limit (select most from bound)) seen
        where t.state = 'queued' and exists (select from fit)
      )
      select t.*, t.expires_at <= statement_timestamp() as late,
        t.run_at < statement_timestamp() - interval '2 s' as overdue, q.paused_at,
        (select count(distinct who) from able) as workers,
        (select count(distinct who) from able where has_type) as of_type,
        (select count(*) from room) as of_queue,
        (select coalesce(sum(capacity), 0) from room) as capacity,
        (select coalesce(sum(running), 0) from room) as running,
        (select coalesce(sum(free), 0) from room where inside) as free_inside,
        (select coalesce(sum(free), 0) from room where not inside) as free_outside,
        (select count(*) from front) as looked_at,
        (select count(*)
         from front f cross join runnable r
         where (r.everything or f.type = any(r.types))
           and (f.expires_at is null or f.expires_at > statement_timestamp())) as ahead,
        h.heartbeat_at, h.silent
      from task t
      left join trunkline.queue q on q.name = t.queue
      left join lateral (
        select holder.heartbeat_at, holder.silent
        from (
          select h.heartbeat_at, h.expires_at <= statement_timestamp() as silent
          from trunkline.remote_lease h
          where h.task_id = t.id and h.attempt = t.attempt
          union all
          select w.heartbeat_at, w.dead_at is not null or w.expires_at <= statement_timestamp()
          from trunkline.lease l
          join trunkline.worker w on w.id = l.worker_id
          where t.id = any(l.task_ids) and exists (
            select from unnest(l.task_ids, l.attempts) as member (task_id, attempt)
            where member.task_id = t.id and member.attempt = t.attempt)
        ) as holder
        where t.state = 'running'
        limit 1) h on true
      """;

  private ExplainSql() {}

  static void bind(PreparedStatement statement, UUID task) throws SQLException {
    statement.setObject(1, task);
  }

  static Standing read(ResultSet row) throws SQLException {
    return new Standing(
        row.getObject("id", UUID.class),
        TaskState.of(row.getString("state")),
        row.getString("type"),
        row.getString("queue"),
        row.getObject("run_at", OffsetDateTime.class).toInstant(),
        row.getInt("attempt"),
        Optional.ofNullable(row.getString("error")),
        Optional.ofNullable(row.getString("worker")),
        time(row, "started_at"),
        time(row, "finished_at"),
        row.getBoolean("late"),
        row.getBoolean("overdue"),
        time(row, "cancel_requested_at"),
        time(row, "paused_at"),
        rivals(row),
        row.getBoolean("silent") ? time(row, "heartbeat_at") : Optional.empty());
  }

  private static Rivals rivals(ResultSet row) throws SQLException {
    return new Rivals(
        row.getInt("workers"),
        row.getInt("of_type"),
        row.getInt("of_queue"),
        row.getLong("capacity"),
        row.getLong("running"),
        row.getLong("free_inside"),
        row.getLong("free_outside"),
        row.getLong("ahead"),
        row.getLong("looked_at") < MOST);
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }
}
