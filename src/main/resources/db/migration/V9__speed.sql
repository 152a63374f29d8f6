-- What a submission and the end of an attempt cost.

-- PostgreSQL 18 makes such ids itself, of the same form and five times as fast.
do $$
begin
  if current_setting('server_version_num')::int >= 180000 then
    execute 'create or replace function trunkline.uuidv7() returns uuid'
      ' language sql volatile parallel safe return pg_catalog.uuidv7()';
  end if;
end;
$$;

-- The room for the second version of every row: at 45 a fifth of the updates were no heap-only ones where results are as
-- long as payloads. Tables that are there keep their pages; the rows to come have the room.
alter table trunkline.task set (fillfactor = 40);

-- A CHECK is evaluated with every update, and a regular expression is the dearest of them. Every door looks at the type
-- before a row is written.
alter table trunkline.task drop constraint task_type_check;

-- The running attempts that somebody asked to cancel. By the index whatever the planner thinks: of a table that nobody has
-- analysed yet it thinks that most rows are such, and reads all of it, twice a second and in every process.
create function trunkline.cancellations_requested() returns table (task_id uuid, attempt int)
  language sql stable parallel safe
  set enable_seqscan = off
begin atomic
  select t.id, t.attempt from trunkline.task t
  where t.cancel_requested_at is not null and t.state = 'open';
end;
