package dev.trunkline.maintain;

/**
 * Deleting what ended long ago. Attempts and the entry among the unsuccessful go with the task, and
 * its idempotency key becomes free. Neither statement waits for a lock on a task: what somebody
 * holds is left for the next pass, and so is a task of whose end a callback has yet to tell.
 */
final class PruneSql {

  /**
   * Looks at the next thousand tasks in the order of their ids, and deletes those that succeeded
   * and are old enough. Ids begin with the time of the submission, and nothing ends before that: so
   * the walk is over at the id that a task submitted one retention ago would have, and no index on
   * {@code finished_at} is needed, which would keep ends from being heap-only updates. That id is
   * no condition of the scan: a plan for any two bounds expects so few rows between them that it
   * would read them all and sort them.
   */
  static final String SUCCEEDED =
      """
      with asked as materialized (
        select statement_timestamp() - ?::interval as until
      ), span as materialized (
        select t.id, t.state, t.finished_at
        from trunkline.task t
        where t.id > ?
        order by t.id
        limit 1000
      ), doomed as materialized (
        select t.id
        from trunkline.task t
        where t.state = 'succeeded'
          and t.id = any(array(
            select s.id from span s, asked a
            where s.state = 'succeeded' and s.finished_at < a.until))
          and (t.callback_url is null or not exists (
            select from trunkline.callback_delivery d
            join trunkline.task w on w.id = d.delivery_id
            where d.task_id = t.id and w.state = 'open'))
        order by t.id
        for update skip locked
      ), gone as (
        delete from trunkline.task where id = any(array(select id from doomed)) returning id
      )
      select (select count(*) from gone) as pruned,
        (select s.id from (select id from span order by id offset 999) s, asked a
         where s.id < rpad(
           lpad(to_hex((extract(epoch from a.until) * 1000)::bigint), 12, '0'), 32, '0')::uuid
        ) as last
      """;

  /**
   * Deletes the oldest that failed or were cancelled. Their entries are locked as well, so that the
   * cascade does not wait for one of them.
   */
  static final String UNSUCCESSFUL =
      """
      with asked as materialized (
        select ?::text as state, statement_timestamp() - ?::interval as until
      ), oldest as materialized (
        select u.task_id
        from trunkline.unsuccessful u
        where u.state = (select state from asked) and u.finished_at < (select until from asked)
          and not exists (
            select from trunkline.callback_delivery d
            join trunkline.task w on w.id = d.delivery_id
            where d.task_id = u.task_id and w.state = 'open')
        order by u.finished_at
        limit 500
        for update skip locked
      ), doomed as materialized (
        select t.id
        from trunkline.task t
        where t.id = any(array(select task_id from oldest)) and t.state = (select state from asked)
        order by t.id
        for update skip locked
      )
      delete from trunkline.task where id = any(array(select id from doomed))
      """;

  private PruneSql() {}
}
