package dev.trunkline.claim;

import static dev.trunkline.database.UuidOrder.UUID_ORDER;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trunkline.claim.ScanPositions.Lane;
import dev.trunkline.claim.ScanPositions.Position;
import dev.trunkline.execute.ClaimedTask;
import dev.trunkline.task.AttemptToken;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The statement that claims, and tells when the next task is due. */
final class ClaimSql {

  /**
   * What may be claimed in one lane (queue and priority), in its order: what lies behind the
   * position, is due, of a type that is asked for (any, where null), and not expired. It walks the
   * primary key of {@code ready} and stops at what is not due yet.
   */
  static final String IN_LANE =
      """
          cross join lateral (
            select r.ctid, r.queue, r.priority, r.due, r.task_id
            from trunkline.ready r
            where r.queue = lane.queue and r.priority = lane.priority
              and (r.due, r.task_id) > (lane.due, lane.task_id)
              and r.due <= statement_timestamp()
              and (lane.types is null or r.type = any(lane.types))
              and (r.expires_at is null or r.expires_at > statement_timestamp())
            order by r.due, r.task_id
      """;

  /**
   * Until the next waiting task is due; one probe of the primary key for each lane. By the time at
   * which the claim looks, so that no task is due after the one and before the other.
   */
  static final String NEXT_DUE =
      """
      select extract(epoch from min(n.due) - statement_timestamp()) as next_due
      from trunkline.queue q
      cross join generate_series(0, 9) as l (priority)
      cross join lateral (
        select r.due
        from trunkline.ready r
        where r.queue = q.name and r.priority = l.priority::smallint
          and r.due > statement_timestamp()
        order by r.due
        limit 1) n
      where q.paused_at is null
      """;

  /**
   * Takes due tasks, as many of each queue as it has free slots, the first priority first, and
   * makes one lease of them.
   *
   * <p>In each lane it starts at the position, and stops at the limit or at what is not due yet.
   * {@code picked} is materialised because the planner may otherwise run a LIMIT with SKIP LOCKED
   * again for each row it joins. The rows are deleted by their {@code ctid}, which is safe because
   * this statement has locked them. A worker that was declared dead finds nothing. {@code
   * open_queues} takes a lock that a {@link Pauser} waits for, and tells then which queues are not
   * paused. Where there are more than one claim takes, each queue has the same chance to come
   * first. Where they weigh more than one claim takes, by the room that their payloads have in the
   * table, the first in their turn are taken, one at least; nothing is sorted where they do not.
   * Payloads are fetched as the answer is sent, and not kept as text before, on disk perhaps. The
   * tasks are looked up in the order of their ids, which is that of their pages: those of many
   * queues lie side by side there. {@link #read} puts them in their turn, for the server would sort
   * their payloads with them.
   *
   * <p>Where it finds nothing it answers one row all the same, for the time of the next task; where
   * it takes all it may, the next claim comes before that time and nobody asks for it.
   */
  static final String CLAIM =
      """
      with asked as materialized (
        select ?::uuid as worker, ?::uuid as lease, ?::text[] as types, ?::text[] as only_queues,
          ?::jsonb as free, ?::int as free_elsewhere, ?::int as most, ?::bigint as heaviest,
          ?::jsonb as start
      ), open_queue as materialized (
        select q.name, f.free, a.types, a.start -> q.name as start
        from asked a
        join trunkline.worker w on w.id = a.worker and w.dead_at is null
        cross join trunkline.open_queues() as q (name)
        cross join lateral (
          select coalesce((a.free ->> q.name)::int, a.free_elsewhere) as free) f
        where (a.only_queues is null or q.name = any(a.only_queues))
          and f.free > 0
        order by random()
      ), picked as materialized (
        select p.*
        from open_queue q
        cross join lateral (
          select r.*
          from (select q.name as queue, q.types, l.priority::smallint as priority,
                  coalesce((s.at ->> 0)::timestamptz, '-infinity') as due,
                  coalesce((s.at ->> 1)::uuid, '00000000-0000-0000-0000-000000000000') as task_id
                from generate_series(0, 9) as l (priority)
                cross join lateral (select q.start -> l.priority::text as at) s
                order by l.priority) as lane
      """
          + IN_LANE
          + """
                    limit q.free
                    for update skip locked) r
                  limit q.free) p
                limit (select most from asked)
              ), found as materialized (
                select p.queue, p.priority, p.due, t.*
                from (select * from picked order by task_id) p
                cross join lateral (
                  select t.id, t.attempt, t.attempt_limit, t.max_attempts, t.type, t.payload,
                    pg_column_size(t.payload) as weight, date_part('epoch', t.timeout) as timeout,
                    t.traceparent
                  from trunkline.task t
                  where t.id = p.task_id
                  limit 1) t
              ), weighed as materialized (
                select coalesce(sum(f.weight) > (select heaviest from asked), false) as too_heavy
                from found f
              ), taken as not materialized (
                select f.queue, f.priority, f.due, f.id, f.attempt, f.attempt_limit,
                  f.max_attempts, f.type, f.payload, f.timeout, f.traceparent
                from found f
                where not (select too_heavy from weighed) or f.id in (
                  select first.id
                  from (select id, sum(weight) over turn - weight as before
                        from found
                        window turn as (order by priority, due, id rows unbounded preceding)) first
                  where first.before < (select heaviest from asked))
              ), gone as (
                delete from trunkline.ready where ctid = any(array(
                  select p.ctid
                  from picked p
                  where not (select too_heavy from weighed) or p.task_id in (select id from taken)))
              ), leased as (
                insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)
                select a.lease, a.worker, t.ids, t.attempts, clock_timestamp()
                from asked a
                cross join (select array_agg(id) as ids, array_agg(attempt) as attempts from taken) t
                where t.ids is not null
                returning id as lease, started_at
              )
              select n.next_due, w.too_heavy, t.queue, t.priority, t.due, t.id, t.attempt,
                t.attempt_limit, t.max_attempts, t.type, t.payload::text as payload, t.timeout,
                t.traceparent, l.lease, l.started_at
              from weighed w
              cross join (
          """
          + NEXT_DUE
          + """
            and (select count(*) from picked) < (select most from asked)
          ) as n
          left join (taken t cross join leased l) on true
          """;

  /** As {@code trunkline.ready} is ordered, whatever the queue. */
  static final Comparator<Claim.Row> IN_TURN =
      Comparator.<Claim.Row>comparingInt(row -> row.lane().priority())
          .thenComparing(row -> row.position().due())
          .thenComparing(row -> row.position().taskId(), UUID_ORDER);

  private ClaimSql() {}

  static void bind(PreparedStatement statement, Claim.Request request) throws SQLException {
    Connection connection = statement.getConnection();
    statement.setObject(1, request.worker());
    statement.setObject(2, request.lease());
    statement.setArray(3, connection.createArrayOf("text", request.types().toArray()));
    List<String> only = request.onlyQueues().orElse(null);
    statement.setArray(4, only == null ? null : connection.createArrayOf("text", only.toArray()));
    statement.setString(5, free(request));
    statement.setInt(6, request.freeElsewhere());
    statement.setInt(7, request.most());
    statement.setLong(8, Claim.HEAVIEST);
    statement.setString(9, start(request));
  }

  /** As an object, in which each queue is found at once, also where there are thousands. */
  private static String free(Claim.Request request) {
    ObjectNode free = JsonNodeFactory.instance.objectNode();
    request.freeByQueue().forEach(free::put);
    return free.toString();
  }

  /** By queue, as above, and by priority: time and id. */
  private static String start(Claim.Request request) {
    ObjectNode start = JsonNodeFactory.instance.objectNode();
    request
        .from()
        .forEach(
            (lane, position) ->
                start
                    .withObjectProperty(lane.queue())
                    .putArray(Integer.toString(lane.priority()))
                    .add(position.due().toString())
                    .add(position.taskId().toString()));
    return start.toString();
  }

  static Claim.Answer read(ResultSet rows, int most) throws SQLException {
    List<Claim.Row> taken = new ArrayList<>();
    Optional<Duration> nextDue = Optional.empty();
    boolean tooHeavy = false;
    while (rows.next()) {
      double seconds = rows.getDouble("next_due");
      nextDue = rows.wasNull() ? Optional.empty() : Optional.of(seconds(seconds));
      tooHeavy = rows.getBoolean("too_heavy");
      if (rows.getObject("id") != null) {
        taken.add(readRow(rows));
      }
    }
    taken.sort(IN_TURN);
    return new Claim.Answer(taken, nextDue, tooHeavy, tooHeavy || taken.size() >= most);
  }

  private static Claim.Row readRow(ResultSet row) throws SQLException {
    OffsetDateTime due = row.getObject("due", OffsetDateTime.class);
    UUID id = row.getObject("id", UUID.class);
    Lane lane = new Lane(row.getString("queue"), row.getInt("priority"));
    return new Claim.Row(task(row, id, lane, due), lane, new Position(due, id));
  }

  static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  private static ClaimedTask task(ResultSet row, UUID id, Lane lane, OffsetDateTime due)
      throws SQLException {
    int attempt = row.getInt("attempt");
    int maxAttempts = row.getInt("max_attempts");
    return new ClaimedTask(
        new AttemptToken(id, attempt),
        row.getObject("lease", UUID.class),
        row.getString("type"),
        lane.queue(),
        row.getString("payload"),
        Math.max(0, attempt - 1 - (row.getInt("attempt_limit") - maxAttempts)),
        maxAttempts,
        seconds(row.getDouble("timeout")),
        due.toInstant(),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        row.getString("traceparent"));
  }
}
