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

  /** Forgets workers that have been dead for a while and hold nothing. */
  static final String FORGET_DEAD =
      """
      delete from trunkline.worker w
      where w.dead_at < statement_timestamp() - interval '1 day'
        and not exists (select from trunkline.lease l where l.worker_id = w.id)
      """;

  private RescueSql() {}
}
