-- Fills an empty, migrated database with tasks as a busy month leaves them behind. See README.md.
--
--   psql -v tasks=10000000 -f history.sql
--
-- Of each million: 900,000 succeeded, 50,000 queued, 30,000 scheduled, 10,000 failed (one attempt
-- recorded), 5,000 cancelled, and the rest queued in a queue that is paused; and 400 run, whatever the
-- number. The tasks are spread evenly over thirty days; what is queued is the newest. Types, queues and
-- tags are skewed: the first type has half of the tasks, the last one a handful.
\set ON_ERROR_STOP on

insert into trunkline.queue (name, paused_at)
values ('default', null), ('mail', null), ('reports', null), ('chess', null), ('rare', null),
  ('paused', now())
on conflict do nothing;

drop schema if exists bench cascade;
create schema bench;

-- An id of version 7 with that time, and otherwise random.
create function bench.id(at timestamptz) returns uuid language sql volatile as $$
  select encode(
    set_byte(set_byte(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from at) * 1000)::bigint) from 3) from 1 for 6),
      6, 112 + (random() * 15)::int), 7, (random() * 255)::int), 'hex')::uuid
$$;

create procedure bench.load(tasks int, portion int) language plpgsql as $$
declare
  began  constant timestamptz := now() - interval '30 days';
  step   constant interval := interval '30 days' / tasks;
begin
  for beginning in 0..tasks - 1 by portion loop
    with drawn as materialized (
      select n, began + n * step as at, n::float8 / tasks as age, random() as s, random() as t,
        random() as q, random() as g, random() as c
      from generate_series(beginning, least(beginning + portion, tasks) - 1) as n
    ), made as materialized (
      select bench.id(at) as id, at,
        case
          when age >= 0.945 and s < 0.91 then 'queued'
          when age >= 0.945 then 'paused'
          when age >= 0.645 and s < 0.1 then 'scheduled'
          when s > 0.9894 then 'failed'
          when s > 0.9841 then 'cancelled'
          else 'succeeded'
        end as state,
        case
          when t < 0.5 then 'invoice.print' when t < 0.8 then 'mail.send'
          when t < 0.999 then 'report.' || (10 * (t - 0.8) / 0.199)::int
          when t < 0.99999 then 'chess.analyze' else 'once.in.a.while'
        end as type,
        case
          when q < 0.7 then 'default' when q < 0.9 then 'mail' when q < 0.99 then 'reports'
          when q < 0.99999 then 'chess' else 'rare'
        end as queue,
        case
          when g < 0.01 then array['nightly', 'customer-' || (c * 20000)::int]
          when g < 0.3 then array['customer-' || (c * 20000)::int]
          else '{}'
        end as tags
      from drawn
    ), stored as (
      insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
        attempt_limit, timeout, run_at, created_at, state, result, error, worker, started_at,
        finished_at)
      select id, type, case when state = 'paused' then 'paused' else queue end, 5, tags,
        jsonb_build_object('invoice', id, 'lines', repeat('x', 60)), 5, 5, interval '10 minutes',
        case when state = 'scheduled' then now() + (random() * 7 + 1) * interval '1 day' else at end,
        at, case when state in ('queued', 'paused', 'scheduled') then 'open' else state end,
        case when state = 'succeeded' then '{"pages": 3}'::jsonb end,
        case when state = 'failed' then jsonb_build_object('type', 'handler-failed',
          'message', 'it went wrong', 'attempt', 1, 'at', trunkline.rfc3339(at)) end,
        case when state in ('succeeded', 'failed') then 'host-' || (c * 9)::int end,
        case when state in ('succeeded', 'failed') then at + interval '1 second' end,
        case when state in ('succeeded', 'failed', 'cancelled') then at + interval '2 seconds' end
      from (select *, random() as c from made order by at) as m
      returning id, type, queue, priority, run_at, state, worker, started_at, finished_at
    ), waiting as (
      insert into trunkline.ready (queue, priority, due, task_id, type)
      select queue, priority, run_at, id, type from stored where state = 'open'
    ), tried as (
      insert into trunkline.attempt (task_id, number, worker, started_at, finished_at, outcome)
      select id, 1, worker, started_at, finished_at, 'failed' from stored where state = 'failed'
    )
    insert into trunkline.unsuccessful (task_id, state, queue, finished_at)
    select id, state, queue, finished_at from stored where state in ('failed', 'cancelled');
    commit;
  end loop;
end;
$$;

call bench.load(:tasks, 50000);

-- Four processes that run a hundred tasks each, and live for as long as the measurement.
with born as (
  insert into trunkline.worker (id, name, started_at, heartbeat_at, expires_at, types, capacity)
  select trunkline.uuidv7(), 'host-' || n, now(), now(), now() + interval '1 day',
    '{invoice.print,mail.send,report.1,report.2}', 100
  from generate_series(1, 4) as n
  returning id
), taken as (
  delete from trunkline.ready
  where ctid = any(array(
    select ctid from trunkline.ready
    where queue = 'default' and priority = 5 and due <= now() and type = 'invoice.print'
    order by due
    limit 400))
  returning task_id
), dealt as (
  select task_id, row_number() over (order by task_id) % 4 as hand from taken
)
insert into trunkline.lease (id, worker_id, task_ids, attempts, started_at)
select gen_random_uuid(), b.id, array_agg(d.task_id order by d.task_id),
  array_agg(1 order by d.task_id), now()
from (select id, row_number() over (order by id) - 1 as hand from born) as b
join dealt d on d.hand = b.hand
group by b.id;

drop schema bench cascade;
vacuum analyze;
