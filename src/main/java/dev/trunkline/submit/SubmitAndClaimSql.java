package dev.trunkline.submit;

import dev.trunkline.claim.DirectClaim;
import dev.trunkline.claim.DirectClaim.Leased;
import dev.trunkline.task.Task;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The statement that stores a batch of tasks and claims some of them. */
final class SubmitAndClaimSql {

  /**
   * As {@link SubmitSql#INSERT}, but of the tasks at the places that are named makes one lease
   * instead of ready rows, as {@code ClaimSql} would have if they had waited: those that are due,
   * of queues that are not paused, for a worker that is not dead. What is claimed comes back with
   * the payload as PostgreSQL holds it.
   *
   * <p>The lock that a pause waits for is taken when all that may wait for somebody is done: that
   * is what the counts in {@code open_queue} are for, which come before its function.
   */
  static final String INSERT_AND_CLAIM =
      "with "
          + SubmitSql.STORED
          + """
          , asked as materialized (
            select ?::uuid as worker, ?::uuid as lease, ?::bigint[] as places
          ), open_queue as materialized (
            select q.name
            from asked a
            join trunkline.worker w on w.id = a.worker and w.dead_at is null
            cross join trunkline.try_open_queues() as q (name)
            where (select count(*) from stored) + (select count(*) from new_queue) > 0
          ), taken as materialized (
            select i.id, i.payload::text as payload
            from asked a
            join input i on i.ord = any(a.places)
            join kind k on k.number = i.kind
            join open_queue q on q.name = k.queue
            where i.run_at <= i.created_at
              and (k.expires_at is null or k.expires_at > clock_timestamp())
          ), leased as (
            insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)
            select a.lease, a.worker, t.ids, t.attempts, clock_timestamp()
            from asked a
            cross join (select array_agg(id order by id) as ids, array_agg(1 order by id) as attempts
                        from taken) t
            where t.ids is not null
            returning started_at
          ), waiting as (
            insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
            select s.queue, s.priority, s.run_at, s.id, s.type, s.expires_at
            from stored s
            where s.id not in (select id from taken)
          )
          select i.id, i.run_at, i.created_at, i.run_at > i.created_at as later,
            t.payload as taken_payload, l.started_at
          from input i
          left join (taken t cross join leased l) on t.id = i.id
          order by i.ord
          """;

  private SubmitAndClaimSql() {}

  static void bind(PreparedStatement statement, List<NewTask> tasks, DirectClaim claim)
      throws SQLException {
    int next = SubmitSql.bind(statement, tasks, true);
    statement.setObject(next, claim.worker());
    statement.setObject(next + 1, claim.lease());
    Long[] places = claim.places().stream().map(place -> place + 1L).toArray(Long[]::new);
    statement.setArray(next + 2, statement.getConnection().createArrayOf("int8", places));
  }

  /** What has become of the present row's submission. */
  static Written read(ResultSet row, NewTask submitted) throws SQLException {
    Optional<Task> task = SubmitSql.read(row, submitted);
    String payload = row.getString("taken_payload");
    if (task.isEmpty() || payload == null) {
      return Written.waiting(task);
    }
    Instant startedAt = row.getObject("started_at", OffsetDateTime.class).toInstant();
    return new Written(task, Optional.of(new Leased(task.get(), payload, startedAt)));
  }
}
