package dev.trunkline.finish;

/** The statements that have tasks run again after they failed or were cancelled. */
final class RetrySql {

  /** As {@link AttemptEndWriter#LOCK}, and only those that can be retried. */
  static final String LOCK =
      """
      select id from trunkline.task
      where id = any(?) and state in ('failed', 'cancelled')
      order by id
      for update
      """;

  /**
   * Makes locked tasks ready again, due now, with all their attempts before them. The number of the
   * last attempt is used up if that one is recorded: a task that was cancelled or expired while it
   * waited never began it. An {@code expires_at} that has passed would end the task again at once.
   */
  static final String REVIVE =
      """
      with again as materialized (
        select t.id, clock_timestamp() as at,
          t.attempt + case
            when exists (
              select from trunkline.attempt a where a.task_id = t.id and a.number = t.attempt) then 1
            else 0
          end as attempt
        from trunkline.task t
        where t.id = any(?)
        order by t.id
      ), revived as (
        update trunkline.task t
        set state = 'open', attempt = a.attempt, attempt_limit = a.attempt - 1 + t.max_attempts,
          run_at = a.at, expires_at = case when t.expires_at > a.at then t.expires_at end,
          progress = null, worker = null, started_at = null, finished_at = null,
          cancel_requested_at = null
        from again a
        where t.id = a.id and t.state in ('failed', 'cancelled')
        returning t.id, t.queue, t.priority, t.run_at, t.type, t.expires_at
      ), gone as (
        delete from trunkline.unsuccessful where task_id = any(array(select id from revived))
      )
      insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
      select queue, priority, run_at, id, type, expires_at from revived
      """;

  private RetrySql() {}
}
