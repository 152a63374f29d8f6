package dev.trunkline.maintain;

/** Finding the dead, and what they held. */
final class RescueSql {

  /** Declares workers dead whose heartbeats stayed away; from then on theirs fail. */
  static final String DECLARE_DEAD =
      """
      update trunkline.worker
      set dead_at = clock_timestamp()
      where id in (
        select id from trunkline.worker
        where dead_at is null and expires_at < statement_timestamp()
        for update skip locked)
      returning name
      """;

  /**
   * Takes the leases of the dead, a bounded number at a time. By the state of the worker, not as a
   * part of declaring it dead: so a lease that it made at that very moment is found too. With how
   * often each task has lost its worker before.
   */
  static final String TAKE_LEASES =
      """
      with taken as (
        delete from trunkline.lease
        where id = any(array(
          select l.id
          from trunkline.lease l
          join trunkline.worker w on w.id = l.worker_id
          where w.dead_at is not null
          limit 100
          for update of l skip locked))
        returning worker_id, task_ids, attempts, started_at
      )
      select member.task_id, member.attempt, w.name, taken.started_at,
        (select count(*)
         from trunkline.attempt a
         where a.task_id = member.task_id and a.outcome = 'worker-lost') as lost_before
      from taken
      join trunkline.worker w on w.id = taken.worker_id
      cross join unnest(taken.task_ids, taken.attempts) as member (task_id, attempt)
      """;

  /**
   * Takes leases outside of the service whose time is over, a bounded number at a time. The time is
   * asked for once more where the row is deleted, for a heartbeat may have moved it on just before
   * it was locked. With whether the task's timeout was over too, how many attempts the task has
   * used up before, and how often it has lost its worker.
   */
  static final String TAKE_EXPIRED =
      """
      with over as materialized (
        select task_id, attempt
        from trunkline.remote_lease
        where expires_at <= statement_timestamp()
        order by expires_at
        limit 500
        for update skip locked
      ), taken as (
        delete from trunkline.remote_lease l
        using over o
        where l.task_id = o.task_id and l.attempt = o.attempt
          and l.expires_at <= statement_timestamp()
        returning l.task_id, l.attempt, l.worker, l.started_at, l.expires_at >= l.ends_at as timed_out
      )
      select taken.task_id, taken.attempt, taken.worker, taken.started_at, taken.timed_out,
        extract(epoch from t.timeout) as timeout,
        greatest(0, taken.attempt - 1 - (t.attempt_limit - t.max_attempts)) as failures,
        (select count(*)
         from trunkline.attempt a
         where a.task_id = taken.task_id and a.outcome = 'worker-lost') as lost_before
      from taken
      join trunkline.task t on t.id = taken.task_id
      """;

  /** Forgets workers that have been dead for a while and hold nothing. */
  static final String FORGET_DEAD =
      """
      delete from trunkline.worker w
      where w.dead_at < statement_timestamp() - interval '1 day'
        and not exists (select from trunkline.lease l where l.worker_id = w.id)
      """;

  /** Forgets who asked for work over HTTP and does not any more. */
  static final String FORGET_REMOTE =
      """
      delete from trunkline.remote_worker
      where expires_at < statement_timestamp() - interval '1 hour'
      """;

  private RescueSql() {}
}
