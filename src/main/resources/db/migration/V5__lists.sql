-- What lists, explanations, and the reins of the queues ask for. Submissions and ends wait while the
-- indexes are built.
set local statement_timeout = 0;

-- Each filter of a list has an index that ends with the id, so that its newest are read first and no
-- others. None names a column that an attempt's end changes. Where every entry is another one,
-- looking for equal ones is in vain.
create index task_type_id on trunkline.task (type, id) with (deduplicate_items = off);
create index task_queue_id on trunkline.task (queue, id) with (deduplicate_items = off);
create index ready_task_id on trunkline.ready (task_id) with (deduplicate_items = off);
create index unsuccessful_state_task_id on trunkline.unsuccessful (state, task_id)
  with (deduplicate_items = off);

-- The tags of all tasks, one row each. Kept by triggers, so that whoever stores or deletes tasks
-- keeps it right, and not by a foreign key, which would look every tag's task up again. They fire
-- for tasks with tags alone.
create table trunkline.task_tag (
  tag     text not null,
  task_id uuid not null,
  primary key (tag, task_id)
);

create function trunkline.keep_tags() returns trigger
  language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    insert into trunkline.task_tag (tag, task_id)
    select distinct t.tag, new.id from unnest(new.tags) as t (tag);
  else
    delete from trunkline.task_tag where task_id = old.id and tag = any(old.tags);
  end if;
  return null;
end;
$$;

create trigger task_tags_stored after insert on trunkline.task
  for each row when (new.tags <> '{}') execute function trunkline.keep_tags();

create trigger task_tags_deleted after delete on trunkline.task
  for each row when (old.tags <> '{}') execute function trunkline.keep_tags();

insert into trunkline.task_tag (tag, task_id)
select distinct t.tag, k.id from trunkline.task k cross join unnest(k.tags) as t (tag);

-- The queues to claim from, by a claim that holds a lock until it has ended. They are read after the
-- lock was taken, and so by a younger snapshot than the one of the claim's own statement: whoever
-- has waited for the claims in flight (see below) and then paused a queue is seen by all that follow.
create function trunkline.open_queues() returns setof text
  language plpgsql volatile
as $$
begin
  perform pg_advisory_xact_lock_shared(x'7472756e6b6c696e'::bigint);
  return query select q.name from trunkline.queue q where q.paused_at is null;
end;
$$;

-- Waits for the claims in flight, and has others wait until the caller's transaction ends.
create function trunkline.await_claims() returns void
  language plpgsql volatile
as $$
begin
  perform pg_advisory_xact_lock(x'7472756e6b6c696e'::bigint);
end;
$$;

-- What a worker can do, as it says with each heartbeat: no types where it has not said (one of an
-- older version), no queues where it serves all of them, and how many attempts of one queue it runs
-- at once, with the exceptions by name.
alter table trunkline.worker
  add column types      text[],
  add column queues     text[],
  add column capacity   int check (capacity >= 0),
  add column capacities jsonb not null default '{}' check (jsonb_typeof(capacities) = 'object');

-- How many attempts each process has ended within a minute, by queue; each writes its own rows.
create table trunkline.throughput (
  process     uuid not null,
  queue       text not null,
  attempts    int not null check (attempts >= 0),
  succeeded   int not null check (succeeded between 0 and attempts),
  measured_at timestamptz not null,
  primary key (process, queue)
) with (fillfactor = 50);

-- As before, but that a lease is asked for the task first, which is much faster than taking it apart:
-- a page of running tasks asks every lease once for each.
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
  select w.name as worker, l.started_at
  from trunkline.lease l
  join trunkline.worker w on w.id = l.worker_id
  where t.state = 'open' and r.task_id is null
    and t.id = any(l.task_ids)
    and exists (
      select from unnest(l.task_ids, l.attempts) as member (task_id, attempt)
      where member.task_id = t.id and member.attempt = t.attempt)
  limit 1
) held on true;
