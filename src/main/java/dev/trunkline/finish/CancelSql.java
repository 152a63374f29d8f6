package dev.trunkline.finish;

/** The statements that cancel a task. */
final class CancelSql {

  /**
   * Ends a task that waits: whoever deletes the ready row is the one who ends it. One that is
   * locked is being claimed at this moment, and counts as running.
   */
  static final String CANCEL_WAITING =
      """
      with gone as (
        delete from trunkline.ready
        where ctid = any(array(
          select r.ctid
          from trunkline.task t
          join trunkline.ready r
            on (r.queue, r.priority, r.due, r.task_id) = (t.queue, t.priority, t.run_at, t.id)
          where t.id = ?
          for update of r skip locked))
        returning task_id
      ), ended as (
        update trunkline.task t
        set state = 'cancelled', finished_at = clock_timestamp(), error = null
        from gone
        where t.id = gone.task_id and t.state = 'open'
        returning t.id, t.queue, t.finished_at, t.callback_url
      ), noted as (
        insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
        select id, 'cancelled', queue, finished_at from ended
      )
      select callback_url is not null as calls_back from ended
      """;

  /** Asks whoever runs the task to stop; the end of that attempt is its cancellation. */
  static final String REQUEST =
      """
      update trunkline.task
      set cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp())
      where id = ? and state = 'open'
      """;

  private CancelSql() {}
}
