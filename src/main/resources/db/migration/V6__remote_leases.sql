-- Working over HTTP, from any language.

-- An attempt that a worker outside of the service runs: one row while its lease lasts. It belongs to
-- no worker process whose heartbeats could speak for it, so it expires by itself. It goes in the
-- transaction that ends the attempt, whoever does that.
create table trunkline.remote_lease (
  task_id      uuid not null,
  attempt      int not null check (attempt >= 1),
  worker       text not null check (worker ~ '^[!-~]{1,100}$'),
  -- What a heartbeat extends it by that does not say otherwise.
  lasts        interval not null check (lasts > interval '0'),
  started_at   timestamptz not null,
  heartbeat_at timestamptz not null,
  expires_at   timestamptz not null,
  -- When the task's timeout is over, beyond which no heartbeat leads.
  ends_at      timestamptz not null,
  primary key (task_id, attempt),
  constraint lease_within_timeout check (expires_at <= ends_at)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

create index remote_lease_expires_at on trunkline.remote_lease (expires_at);

-- Who asks for work over HTTP, and for what: so that it can be told who may run a type. One row for
-- each name and wish, alive until it has not asked again for a while.
create table trunkline.remote_worker (
  id         uuid primary key,
  name       text not null,
  types      text[],
  queues     text[],
  expires_at timestamptz not null,
  constraint asks_for_types_or_queues check ((types is null) <> (queues is null))
) with (fillfactor = 50);

-- What the tokens of such leases are sealed with, so that one can be told from a forged one also
-- when its lease is gone. The strong random bits of two UUIDs, 122 of each.
create table trunkline.lease_key (
  single boolean primary key default true check (single),
  key    bytea not null check (octet_length(key) = 32)
);

insert into trunkline.lease_key (key)
values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- As before, and running also where somebody outside has the task.
create or replace view trunkline.task_status as
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
  select holder.worker, holder.started_at
  from (
    -- First, for it is one probe, and where it finds something the rest is not looked at.
    select h.worker, h.started_at
    from trunkline.remote_lease h
    where h.task_id = t.id and h.attempt = t.attempt
    union all
    select w.name, l.started_at
    from trunkline.lease l
    join trunkline.worker w on w.id = l.worker_id
    where t.id = any(l.task_ids) and exists (
      select from unnest(l.task_ids, l.attempts) as member (task_id, attempt)
      where member.task_id = t.id and member.attempt = t.attempt)
  ) as holder
  where t.state = 'open' and r.task_id is null
  limit 1
) held on true;
