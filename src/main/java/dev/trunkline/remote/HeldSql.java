package dev.trunkline.remote;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.finish.ProgressReport;
import dev.trunkline.finish.Ran;
import dev.trunkline.task.AttemptToken;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;

/**
 * The statements by which a worker outside of the service keeps a lease, or gives it up to end its
 * attempt. A lease whose time is over is lost, also while nobody has taken it away yet: each
 * statement asks the database's clock, under the lock of the lease's row.
 */
final class HeldSql {

  /**
   * Takes the leases away that are held, so that their attempts can be ended; what comes back are
   * these. Locked one by one by their keys, in the order of their tasks, in which everybody locks
   * several. The array keeps the planner at the key once more where it would join.
   */
  static final String TAKE =
      """
      with ended as materialized (
        select * from unnest(?::uuid[], ?::int[]) as e (task_id, attempt)
        order by e.task_id
      ), held as materialized (
        select l.*
        from ended e
        cross join lateral (
          select l.task_id, l.attempt
          from trunkline.remote_lease l
          where l.task_id = e.task_id and l.attempt = e.attempt
          limit 1
          for update) l
      ), gone as (
        delete from trunkline.remote_lease l
        using held h
        where l.task_id = any(array(select task_id from held))
          and l.task_id = h.task_id and l.attempt = h.attempt and l.expires_at > clock_timestamp()
        returning l.task_id, l.attempt, l.worker, l.started_at
      )
      select g.task_id, g.attempt, g.worker, g.started_at, t.type, t.queue,
        greatest(0, g.attempt - 1 - (t.attempt_limit - t.max_attempts)) as failures
      from gone g
      join trunkline.task t on t.id = g.task_id
      """;

  /**
   * Extends the leases that are held, up to the end of their tasks' timeouts, and stores what is
   * reported. Says whether somebody wants the task to be cancelled.
   */
  static final String HEARTBEAT =
      """
      with beat as materialized (
        select * from unnest(?::uuid[], ?::int[], ?::interval[], ?::int[], ?::text[])
          as b (task_id, attempt, lasts, percent, message)
        order by b.task_id
      ), held as materialized (
        select l.task_id, l.attempt, b.lasts, b.percent, b.message
        from beat b
        cross join lateral (
          select l.task_id, l.attempt
          from trunkline.remote_lease l
          where l.task_id = b.task_id and l.attempt = b.attempt
          limit 1
          for update) l
      ), extended as (
        update trunkline.remote_lease l
        set lasts = coalesce(h.lasts, l.lasts), heartbeat_at = now.at,
          expires_at = least(now.at + coalesce(h.lasts, l.lasts), l.ends_at)
        from held h
        cross join (select clock_timestamp() as at) as now
        where l.task_id = any(array(select task_id from held))
          and l.task_id = h.task_id and l.attempt = h.attempt and l.expires_at > now.at
        returning l.task_id, l.attempt, l.expires_at, h.percent, h.message
      ), reported as (
        update trunkline.task t
        set progress = jsonb_build_object('percent', e.percent, 'message', e.message,
          'at', trunkline.rfc3339(clock_timestamp()))
        from extended e
        where e.percent is not null
          and t.id = e.task_id and t.attempt = e.attempt and t.state = 'open'
      )
      select e.task_id, e.attempt, e.expires_at, t.cancel_requested_at is not null as cancelling
      from extended e
      join trunkline.task t
        on t.id = e.task_id and t.attempt = e.attempt and t.state = 'open'
      """;

  /**
   * How attempts of leases that are gone were ended by their workers, if they were: a lease that
   * was lost leaves another error, and one that was given back leaves none.
   */
  static final String ENDED =
      """
      with asked as materialized (
        select * from unnest(?::uuid[], ?::int[]) as a (task_id, attempt)
      )
      select a.task_id, a.attempt,
        case
          when t.state = 'succeeded' and t.attempt = a.attempt then 'completed'
          when p.error ->> 'type' in ('handler-failed', 'rejected') then 'failed'
          when p.outcome in ('released', 'cancelled') and p.error is null then 'released'
          else 'lost'
        end as ended
      from asked a
      join trunkline.task t on t.id = a.task_id
      left join lateral (
        select p.outcome, p.error
        from trunkline.attempt p
        where p.task_id = a.task_id and p.number = a.attempt
        limit 1) p on true
      """;

  private HeldSql() {}

  static void bind(PreparedStatement statement, Collection<AttemptToken> attempts)
      throws SQLException {
    new ArrayColumns<AttemptToken>(statement, 1, attempts)
        .uuid(AttemptToken::taskId)
        .int4(AttemptToken::attempt);
  }

  static void bindBeats(PreparedStatement statement, Collection<Beat> beats) throws SQLException {
    new ArrayColumns<Beat>(statement, 1, beats)
        .uuid(beat -> beat.attempt().taskId())
        .int4(beat -> beat.attempt().attempt())
        .text(beat -> beat.lease().map(Duration::toString).orElse(null))
        .int4(beat -> beat.progress().map(ProgressReport::percent).orElse(null))
        .text(beat -> beat.progress().map(ProgressReport::message).orElse(null));
  }

  static AttemptToken readAttempt(ResultSet row) throws SQLException {
    return new AttemptToken(row.getObject("task_id", UUID.class), row.getInt("attempt"));
  }

  static Taken readTaken(ResultSet row) throws SQLException {
    Instant started = row.getObject("started_at", OffsetDateTime.class).toInstant();
    Ran ran = new Ran(readAttempt(row), row.getString("worker"), started);
    return new Taken(ran, row.getString("type"), row.getString("queue"), row.getInt("failures"));
  }

  static Extended readExtended(ResultSet row) throws SQLException {
    return new Extended(
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        row.getBoolean("cancelling"));
  }

  /**
   * An attempt whose lease has just been taken away, to be ended.
   *
   * @param failures how many attempts its task has used up before
   */
  record Taken(Ran ran, String type, String queue, int failures) {}
}
