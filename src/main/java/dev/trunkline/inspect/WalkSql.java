package dev.trunkline.inspect;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The walks that a list is made of: each reads one index from a place on, the newest ids first, and
 * tells which tasks may be meant. All take the same parameters and answer the same columns.
 *
 * <p>An index is walked by comparing rows, {@code (type, id) < (…)}, and by its whole order. Asked
 * for {@code type = … and id < …} in the order of the ids alone, the planner may take the primary
 * key instead and read all of it for a type that is seldom.
 */
final class WalkSql {

  static final String ALL =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select t.id
        from trunkline.task t
        where t.id < (select below from asked)
        order by t.id desc
        limit (select span from asked)
      )
      select array(select id from span order by id desc limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  static final String TYPE =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select t.id
        from trunkline.task t
        where t.type >= (select key from asked) and (t.type, t.id) < (select key, below from asked)
        order by t.type desc, t.id desc
        limit (select span from asked)
      )
      select array(select id from span order by id desc limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  static final String QUEUE =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select t.id
        from trunkline.task t
        where t.queue >= (select key from asked)
          and (t.queue, t.id) < (select key, below from asked)
        order by t.queue desc, t.id desc
        limit (select span from asked)
      )
      select array(select id from span order by id desc limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  static final String TAG =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select g.task_id as id
        from trunkline.task_tag g
        where g.tag >= (select key from asked)
          and (g.tag, g.task_id) < (select key, below from asked)
        order by g.tag desc, g.task_id desc
        limit (select span from asked)
      )
      select array(select id from span order by id desc limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  /** The failed or the cancelled, by the key. */
  static final String UNSUCCESSFUL =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select u.task_id as id
        from trunkline.unsuccessful u
        where u.state >= (select key from asked)
          and (u.state, u.task_id) < (select key, below from asked)
        order by u.state desc, u.task_id desc
        limit (select span from asked)
      )
      select array(select id from span order by id desc limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  /** The queued or the scheduled, by the key: what waits, and is due or is not. */
  static final String WAITING =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select r.task_id as id,
          case when r.due > statement_timestamp() then 'scheduled' else 'queued' end as state
        from trunkline.ready r
        where r.task_id < (select below from asked)
        order by r.task_id desc
        limit (select span from asked)
      )
      select array(
          select id from span
          where state = (select key from asked)
          order by id desc
          limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  /** What is leased, inside and outside. As many as all processes run together. */
  static final String RUNNING =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select held.id
        from (
          select m.task_id as id
          from trunkline.lease l
          cross join unnest(l.task_ids) as m (task_id)
          where m.task_id < (select below from asked)
          union
          (select r.task_id
           from trunkline.remote_lease r
           where r.task_id < (select below from asked)
           order by r.task_id desc
           limit (select span from asked))) as held
        order by held.id desc
        limit (select span from asked)
      )
      select array(select id from span order by id desc limit (select most from asked)) as ids,
        (select id from span order by id limit 1) as last, (select count(*) from span) as walked
      """;

  /**
   * What does not wait: nothing says in an index that a task has succeeded, for the finish would
   * have to write there. Where the newest tasks are a backlog this passes them over quickly.
   */
  static final String SUCCEEDED =
      """
      with asked as materialized (
        select ?::text as key, ?::uuid as below, ?::int as span, ?::int as most
      ), span as materialized (
        select t.id
        from trunkline.task t
        where t.id < (select below from asked)
        order by t.id desc
        limit (select span from asked)
      ), oldest as materialized (
        select id from span order by id limit 1
      )
      select array(
          select id from span
          except
          select r.task_id
          from trunkline.ready r
          where r.task_id < (select below from asked) and r.task_id >= (select id from oldest)
          order by id desc
          limit (select most from asked)) as ids,
        (select id from oldest) as last, (select count(*) from span) as walked
      """;

  /**
   * How many tasks each part of a filter alone finds, up to a number; nothing for what is not
   * asked. So the part that finds the fewest can lead.
   */
  static final String COUNT =
      """
      with asked as materialized (
        select ?::text as state, ?::text as type, ?::text as queue, ?::text as tag,
          ?::uuid as below, ?::int as most
      )
      select
        (select count(*)
         from (
           select from trunkline.unsuccessful u
           where u.state >= (select state from asked)
             and (u.state, u.task_id) < (select state, below from asked)
           order by u.state desc, u.task_id desc
           limit (select most from asked)) as found) as unsuccessful,
        (select count(*)
         from (
           select from trunkline.ready r
           where a.state in ('queued', 'scheduled') and r.task_id < (select below from asked)
           order by r.task_id desc
           limit (select most from asked)) as found) as waiting,
        (select count(*)
         from (
           select from trunkline.task t
           where t.type >= (select type from asked)
             and (t.type, t.id) < (select type, below from asked)
           order by t.type desc, t.id desc
           limit (select most from asked)) as found) as type,
        (select count(*)
         from (
           select from trunkline.task t
           where t.queue >= (select queue from asked)
             and (t.queue, t.id) < (select queue, below from asked)
           order by t.queue desc, t.id desc
           limit (select most from asked)) as found) as queue,
        (select count(*)
         from (
           select from trunkline.task_tag g
           where g.tag >= (select tag from asked)
             and (g.tag, g.task_id) < (select tag, below from asked)
           order by g.tag desc, g.task_id desc
           limit (select most from asked)) as found) as tag
      from asked a
      """;

  private WalkSql() {}

  /**
   * @param key what is looked for, where the walk looks for something
   * @param below where it begins: only smaller ids
   * @param span entries of the index at most
   * @param most ids at most
   */
  static void bind(PreparedStatement statement, String key, UUID below, int span, int most)
      throws SQLException {
    statement.setString(1, key);
    statement.setObject(2, below);
    statement.setInt(3, span);
    statement.setInt(4, most);
  }
}
