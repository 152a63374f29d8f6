-- The tables of the queue. The shape follows the way of a task: `task` is written once when it is
-- submitted and once when it ends; `ready` holds one narrow row while it waits; `lease` holds one
-- row for each batch that a worker has claimed. PostgreSQL 14 to 18, no extension, no superuser.

-- A UUID of version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, 12 bits of the fraction of a
-- millisecond (method 3 of section 6.2, so that ids follow time more closely), 62 random bits.
create function trunkline.uuidv7() returns uuid
  language sql volatile parallel safe
begin atomic
  select encode(
    set_byte(
      set_byte(
        overlay(uuid_send(gen_random_uuid()) placing substring(int8send(now.micros / 1000) from 3) from 1 for 6),
        6, (112 | (now.micros % 1000 * 4096 / 1000 >> 8))::int),
      7, (now.micros % 1000 * 4096 / 1000 & 255)::int),
    'hex')::uuid
  from (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros) as now;
end;

-- A time as the HTTP contract writes it, in UTC whatever the session's time zone.
create function trunkline.rfc3339(moment timestamptz) returns text
  language sql stable parallel safe
  return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- A queue is there from its first task on. Few rows, read with every claim, seldom written.
create table trunkline.queue (
  name       text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
  created_at timestamptz not null default clock_timestamp(),
  paused_at  timestamptz
);

-- What was submitted, and what became of it. No index names a column that an attempt's end changes,
-- so that this update is a heap-only one; `fillfactor` leaves the room for it on the page: for all
-- its rows, because neighbours end together in one transaction, before anything can be pruned.
--
-- While `state` is 'open', the finer state follows from the other tables (see task_status below).
-- `attempt` is the number of the attempt that runs or comes next: (id, attempt) is the fencing
-- token, and grows whenever an attempt ends without success and another may follow.
-- `attempt_limit` is the number of the last attempt that the task may use: releases, which cost
-- nothing, raise both.
create table trunkline.task (
  id                  uuid primary key,
  type                text not null check (type ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
  queue               text not null,
  priority            smallint not null check (priority between 0 and 9),
  tags                text[] not null default '{}' check (array_position(tags, null) is null),
  payload             jsonb not null,
  max_attempts        int not null check (max_attempts >= 1),
  timeout             interval not null check (timeout > interval '0'),
  run_at              timestamptz not null,
  expires_at          timestamptz,
  idempotency_key     text,
  idempotency_hash    bytea,
  traceparent         text,
  created_at          timestamptz not null,

  state               text not null default 'open'
                        check (state in ('open', 'succeeded', 'failed', 'cancelled')),
  attempt             int not null default 1,
  attempt_limit       int not null,
  result              jsonb,
  error               jsonb,
  progress            jsonb,
  worker              text,
  started_at          timestamptz,
  finished_at         timestamptz,
  cancel_requested_at timestamptz,

  constraint attempt_within_limit check (attempt between 1 and attempt_limit),
  constraint final_is_dated check ((state = 'open') = (finished_at is null)),
  constraint result_means_success check ((state = 'succeeded') = (result is not null)),
  constraint failure_says_why check (state <> 'failed' or error is not null),
  constraint success_was_run check (state <> 'succeeded' or started_at is not null),
  constraint idempotency_is_whole check ((idempotency_key is null) = (idempotency_hash is null))
) with (fillfactor = 45);

create unique index task_idempotency_key on trunkline.task (idempotency_key)
  where idempotency_key is not null;

-- One row while a task waits, and none otherwise: claiming deletes it. Its key is the order of the
-- claims. `due` equals the task's run_at, so that a reader finds it from the task.
create table trunkline.ready (
  queue      text not null,
  priority   smallint not null,
  due        timestamptz not null,
  task_id    uuid not null,
  type       text not null,
  expires_at timestamptz,
  primary key (queue, priority, due, task_id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

create index ready_expires_at on trunkline.ready (expires_at) where expires_at is not null;

-- A worker process; every start is a new row. Alive until expires_at, which its heartbeats move on.
-- Once dead_at is set it never lives again: its heartbeat fails, and it starts over as another.
create table trunkline.worker (
  id           uuid primary key,
  name         text not null,
  started_at   timestamptz not null,
  heartbeat_at timestamptz not null,
  expires_at   timestamptz not null,
  dead_at      timestamptz
) with (fillfactor = 50);

-- One row for each claimed batch; gone when the last of its tasks is. It only tells which attempts
-- a worker may be running: what has become of them stands in the tasks.
create table trunkline.lease (
  id         uuid primary key,
  worker_id  uuid not null references trunkline.worker (id),
  task_ids   uuid[] not null,
  attempts   int[] not null,
  started_at timestamptz not null,
  check (cardinality(task_ids) = cardinality(attempts) and cardinality(task_ids) > 0)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

create index lease_worker_id on trunkline.lease (worker_id);

-- The attempts that ended without success. The successful one stands in its task.
create table trunkline.attempt (
  task_id     uuid not null references trunkline.task (id) on delete cascade,
  number      int not null check (number >= 1),
  worker      text not null,
  started_at  timestamptz not null,
  finished_at timestamptz not null,
  outcome     text not null check (outcome in
                ('failed', 'timed-out', 'worker-lost', 'rejected', 'cancelled', 'snoozed', 'released')),
  error       jsonb,
  primary key (task_id, number)
);

-- The tasks that failed or were cancelled: few, and so found here, not through an index on `task`.
create table trunkline.unsuccessful (
  task_id     uuid primary key references trunkline.task (id) on delete cascade,
  state       text not null check (state in ('failed', 'cancelled')),
  queue       text not null,
  finished_at timestamptz not null
);

-- The one truth for readers: a final state stands in the task; else a ready row means waiting, and
-- none means that a worker has it.
create view trunkline.task_status as
select
  t.id, t.type, t.queue,
  case
    when t.state <> 'open' then t.state
    when r.task_id is null then 'running'
    when r.due > statement_timestamp() then 'scheduled'
    else 'queued'
  end as state,
  t.priority, t.tags, t.payload::text as payload, t.result::text as result,
  t.error::text as error, t.progress::text as progress,
  t.attempt, t.max_attempts, t.timeout, t.run_at, t.created_at,
  coalesce(held.started_at, t.started_at) as started_at,
  t.finished_at, t.expires_at,
  coalesce(held.worker, t.worker) as worker,
  t.traceparent
from trunkline.task t
left join trunkline.ready r
  on (r.queue, r.priority, r.due, r.task_id) = (t.queue, t.priority, t.run_at, t.id)
left join lateral (
  select w.name as worker, l.started_at
  from trunkline.lease l
  join trunkline.worker w on w.id = l.worker_id
  where t.state = 'open' and r.task_id is null
    and exists (
      select from unnest(l.task_ids, l.attempts) as member (task_id, attempt)
      where member.task_id = t.id and member.attempt = t.attempt)
  limit 1
) held on true;
