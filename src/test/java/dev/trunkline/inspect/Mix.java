package dev.trunkline.inspect;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import java.util.List;
import java.util.UUID;

/**
 * Tasks of every state, three types, three queues and three tags, one in each combination at least
 * where there are enough of them, submitted a second apart until now.
 */
final class Mix {

  private static final String INSERT =
      """
      with made as materialized (
        select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
            || substr(replace(gen_random_uuid()::text, '-', ''), 13))::uuid as id,
          at, (array['scheduled', 'queued', 'running', 'succeeded', 'failed', 'cancelled'])[n % 6 + 1]
            as state,
          't' || n / 6 % 3 as type, 'q' || n / 18 % 3 as queue,
          (array['{}', '{red}', '{red,blue}', '{blue}'])[n / 54 % 4 + 1]::text[] as tags
        from (
          select n, clock_timestamp() - (?::int - n) * interval '1 second' as at
          from generate_series(1, ?::int) as n) as numbered
      ), stored as (
        insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
          attempt_limit, timeout, run_at, created_at, state, result, error, worker, started_at,
          finished_at)
        select id, type, queue, 5, tags, '{"n": 1}', 3, 3, interval '1 minute',
          case when state = 'scheduled' then at + interval '1 day' else at end, at,
          case when state in ('scheduled', 'queued', 'running') then 'open' else state end,
          case when state = 'succeeded' then '{}'::jsonb end,
          case when state = 'failed' then '{}'::jsonb end, 'w1',
          case when state = 'succeeded' then at end,
          case when state in ('succeeded', 'failed', 'cancelled') then at end
        from made
        returning id, type, queue, run_at, state, finished_at
      ), waiting as (
        insert into trunkline.ready (queue, priority, due, task_id, type)
        select s.queue, 5, s.run_at, s.id, s.type
        from stored s join made m on m.id = s.id
        where m.state in ('scheduled', 'queued')
      ), over as (
        insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
        select id, state, queue, finished_at from stored where state in ('failed', 'cancelled')
      ), leased as (
        insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)
        select gen_random_uuid(), ?, array_agg(id), array_agg(1), clock_timestamp()
        from made where state = 'running' and type <> 't1'
      ), leased_outside as (
        insert into trunkline.remote_lease (task_id, attempt, worker, lasts, started_at,
          heartbeat_at, expires_at, ends_at)
        select id, 1, 'w1', '1 hour', now(), now(), now() + interval '1 hour',
          now() + interval '1 hour'
        from made where state = 'running' and type = 't1'
      )
      select id from stored order by id desc
      """;

  private Mix() {}

  /** The newest first. */
  static List<UUID> of(int count, TestDatabase database) {
    UUID worker = Tasks.worker(database, "w1");
    return database.column(UUID.class, INSERT, count, count, worker);
  }
}
