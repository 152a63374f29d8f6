package dev.trunkline.inspect;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statement that lists the workers. */
final class WorkersSql {

  /**
   * Those that live, with what they run; of the tasks a hundred at most. A process of the service
   * is a row of its own; of the workers outside there is one for each name, whatever it asks for,
   * as long as it asks or holds leases. Ordered by name as the bytes are.
   */
  static final String LIST =
      """
      with asked as materialized (
        select ?::text as after, ?::int as workers
      ), held as materialized (
        select h.worker as name, count(*) as running,
          (array_agg(h.task_id order by h.task_id))[1:100] as tasks, min(h.started_at) as started_at,
          max(h.heartbeat_at) as heartbeat_at, max(h.expires_at) as expires_at
        from trunkline.remote_lease h
        where h.expires_at > statement_timestamp()
        group by h.worker
      ), visitor as materialized (
        select w.*
        from trunkline.remote_worker w
        where w.expires_at > statement_timestamp() or w.name in (select name from held)
      ), wished_types as materialized (
        select v.name, array_agg(distinct t.name order by t.name) as types
        from visitor v cross join unnest(v.types) as t (name)
        group by v.name
      ), wished_queues as materialized (
        select v.name, array_agg(distinct q.name order by q.name) as queues
        from visitor v cross join unnest(v.queues) as q (name)
        group by v.name
      ), outside as materialized (
        select coalesce(v.name, h.name) as name, least(v.started_at, h.started_at) as started_at,
          greatest(v.heartbeat_at, h.heartbeat_at) as heartbeat_at,
          greatest(v.expires_at, h.expires_at) as expires_at, v.capacity, h.running, h.tasks
        from (
          select name, min(started_at) as started_at, max(heartbeat_at) as heartbeat_at,
            max(expires_at) as expires_at, max(capacity) as capacity
          from visitor
          group by name) v
        full join held h on h.name = v.name
      ), page as materialized (
        select *
        from (
          select 'process' as kind, w.id, w.name, w.name || ' ' || w.id as place, w.started_at,
            w.heartbeat_at, w.expires_at, w.types, w.queues, w.capacity, w.capacities,
            null::bigint as running, null::uuid[] as tasks
          from trunkline.worker w
          where w.dead_at is null and w.expires_at > statement_timestamp()
          union all
          select 'http', null, o.name, o.name || ' ', o.started_at, o.heartbeat_at, o.expires_at,
            t.types, q.queues, o.capacity, '{}', coalesce(o.running, 0), o.tasks
          from outside o
          left join wished_types t on t.name = o.name
          left join wished_queues q on q.name = o.name) as w
        where w.place > (select after from asked) collate "C"
        order by w.place collate "C"
        limit (select workers from asked)
      )
      select p.kind, p.id, p.name, p.place, p.started_at, p.heartbeat_at, p.expires_at, p.types,
        p.queues, p.capacity, p.capacities::text as capacities,
        coalesce(p.running, l.running) as running, coalesce(p.tasks, l.tasks) as tasks
      from page p
      left join lateral (
        select count(*) as running, (array_agg(t.id order by t.id))[1:100] as tasks
        from trunkline.lease l
        cross join unnest(l.task_ids, l.attempts) as member (task_id, attempt)
        cross join lateral (
          select t.id
          from trunkline.task t
          where t.id = member.task_id and t.attempt = member.attempt and t.state = 'open'
          limit 1) t
        where l.worker_id = p.id) l on p.kind = 'process'
      order by p.place collate "C"
      """;

  private WorkersSql() {}

  static void bind(PreparedStatement statement, String after, int workers) throws SQLException {
    statement.setString(1, after);
    statement.setInt(2, workers);
  }

  static WorkerStatus read(ResultSet row) throws SQLException {
    return new WorkerStatus(
        WorkerStatus.Kind.of(row.getString("kind")),
        Optional.ofNullable(row.getObject("id", UUID.class)),
        row.getString("name"),
        row.getString("place"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(texts(row.getArray("types"))),
        Optional.ofNullable(texts(row.getArray("queues"))),
        Optional.ofNullable(row.getObject("capacity", Integer.class)),
        row.getString("capacities"),
        row.getInt("running"),
        ids(row.getArray("tasks")));
  }

  private static @Nullable List<String> texts(@Nullable Array texts) throws SQLException {
    return texts == null ? null : List.of((String[]) texts.getArray());
  }

  private static List<UUID> ids(@Nullable Array ids) throws SQLException {
    return ids == null ? List.of() : List.of((UUID[]) ids.getArray());
  }
}
