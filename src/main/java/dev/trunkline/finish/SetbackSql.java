package dev.trunkline.finish;

import dev.trunkline.database.ArrayColumns;
import dev.trunkline.finish.AttemptEnd.Setback;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The statement that ends a batch of attempts without success. */
final class SetbackSql {

  /**
   * Records the attempts, and makes their tasks ready again under the next number or ends them, as
   * long as the attempt is the current one. The tasks are locked in the order of their ids, so that
   * two who end the same ones do not wait for each other in a circle.
   */
  static final String FINISH =
      """
      with ended as materialized (
        select * from unnest(?::uuid[], ?::int[], ?::text[], ?::timestamptz[], ?::text[], ?::text[],
            ?::text[], ?::boolean[], ?::boolean[], ?::interval[])
          as e (task_id, attempt, worker, started_at, outcome, error_type, reason, again, costs,
                delay)
      ), current as materialized (
        select e.*, clock_timestamp() as at, t.cancel_requested_at is not null as cancelled,
          e.again and t.cancel_requested_at is null
            and (not e.costs or t.attempt < t.attempt_limit) as goes_on,
          jsonb_build_object('type', e.error_type, 'message', e.reason, 'attempt', e.attempt,
            'at', trunkline.rfc3339(clock_timestamp())) as error
        from ended e
        join trunkline.task t on t.id = e.task_id
        where t.attempt = e.attempt and t.state = 'open'
        order by t.id
        for update of t
      ), recorded as (
        insert into trunkline.attempt (task_id, number, worker, started_at, finished_at, outcome,
          error)
        select task_id, attempt, worker, started_at, at,
          case when cancelled then 'cancelled' else outcome end,
          case when costs then error end
        from current
      ), moved as (
        update trunkline.task t
        set state = case
            when c.goes_on then 'open'
            when c.cancelled or c.outcome = 'cancelled' then 'cancelled'
            else 'failed'
          end,
          attempt = t.attempt + case when c.goes_on then 1 else 0 end,
          attempt_limit = t.attempt_limit + case when c.goes_on and not c.costs then 1 else 0 end,
          run_at = case when c.goes_on then c.at + c.delay else t.run_at end,
          error = case
            when c.cancelled or c.outcome = 'cancelled' then null
            when c.costs then c.error
            else t.error
          end,
          progress = case when c.goes_on then null else t.progress end,
          worker = case when c.goes_on then null else c.worker end,
          started_at = case when c.goes_on then null else c.started_at end,
          finished_at = case when c.goes_on then null else c.at end,
          cancel_requested_at = null
        from current c
        where t.id = c.task_id
        returning t.id, t.queue, t.priority, t.run_at, t.type, t.expires_at, t.state, t.finished_at,
          c.attempt as ended, t.state <> 'open' and t.callback_url is not null as calls_back
      ), waiting as (
        insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
        select queue, priority, run_at, id, type, expires_at from moved where state = 'open'
      ), lost as (
        insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
        select id, state, queue, finished_at from moved where state <> 'open'
      )
      select id, ended, calls_back from moved
      """;

  private SetbackSql() {}

  static void bind(PreparedStatement statement, List<Setback> ends) throws SQLException {
    new ArrayColumns<Setback>(statement, 1, ends)
        .uuid(end -> end.ran().token().taskId())
        .int4(end -> end.ran().token().attempt())
        .text(end -> end.ran().worker())
        .text(end -> end.ran().startedAt().toString())
        .text(end -> end.kind().outcome())
        .text(end -> end.kind().errorType())
        .text(Setback::reason)
        .bool(Setback::again)
        .bool(end -> end.kind().costsAnAttempt())
        .text(end -> end.delay().toString());
  }
}
