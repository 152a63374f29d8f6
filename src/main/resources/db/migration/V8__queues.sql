-- What the looks at queues, at workers and at single tasks ask for. Ends without success wait while
-- the index is built.
set local statement_timeout = 0;

-- How many failed, or were cancelled, in a queue: counted in the order of the id and only so far.
create index unsuccessful_queue_state_task_id on trunkline.unsuccessful (queue, state, task_id);

-- A handful, and so the planner is told: it would expect a thousand, and prepare for them.
alter function trunkline.open_queues() rows 20;

-- Since when somebody asks for work over HTTP, when that was last, and for how many tasks at once at
-- most: what is known there of the room that such a worker has.
alter table trunkline.remote_worker
  add column started_at   timestamptz not null default clock_timestamp(),
  add column heartbeat_at timestamptz not null default clock_timestamp(),
  add column capacity     int check (capacity >= 1);
