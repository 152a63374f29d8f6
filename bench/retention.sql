-- What it costs to keep tasks for some days: rows deleted in portions, beside partitions that are dropped whole. Two copies
-- of the task table with its constraints and indexes, one of them with a partition for each day; on both the same is done
-- in turns, day after day. See README.md.
--
--   psql -v days=14 -v day=50000 -f retention.sql
--
-- On a migrated database; more than the seven days for which rows are kept.
\set ON_ERROR_STOP on
\set QUIET on

set client_min_messages = warning;
drop schema if exists retention cascade;
create schema retention;
-- Without the unique index on idempotency keys, which a table that is partitioned by ids cannot have.
create table retention.whole (like trunkline.task including defaults including constraints)
  with (fillfactor = 40, autovacuum_enabled = off);
create table retention.daily (like trunkline.task including defaults including constraints) partition by range (id);
alter table retention.whole add primary key (id);
alter table retention.daily add primary key (id);
create index on retention.whole (type, id) with (deduplicate_items = off);
create index on retention.daily (type, id) with (deduplicate_items = off);
create index on retention.whole (queue, id) with (deduplicate_items = off);
create index on retention.daily (queue, id) with (deduplicate_items = off);

-- The smallest id of version 7 of a day.
create function retention.first_id(day int) returns uuid language sql immutable as $$
  select rpad(lpad(to_hex((extract(epoch from date '2026-01-01' + day) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

-- One of a day, the n-th of so many.
create function retention.id(day int, n int, of int) returns uuid language sql volatile as $$
  select encode(overlay(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from date '2026-01-01' + day) * 1000)::bigint
      + n::bigint * 86400000 / of) from 3) from 1 for 6)
    placing '\x7f'::bytea from 7 for 1), 'hex')::uuid
$$;

create table retention.measured (copy text, what text, day int, micros float8, wal float8);

create function retention.note(copy text, what text, day int, began timestamptz, before pg_lsn, rows int)
returns void language sql as $$
  insert into retention.measured
  select copy, what, day, extract(epoch from clock_timestamp() - began) * 1e6 / rows,
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), before) / rows
$$;

create procedure retention.forget_whole(on_day int) language plpgsql as $$
declare
  last uuid := retention.first_id(on_day);
begin
  while last is not null loop
    with span as materialized (
      select t.id from retention.whole t where t.id > last order by t.id limit 1000
    ), doomed as materialized (
      select s.id from span s where s.id < retention.first_id(on_day + 1)
    ), gone as (
      delete from retention.whole where id = any(array(select id from doomed))
    )
    select (select id from doomed order by id offset 999) into last;
    commit;
  end loop;
end $$;

create procedure retention.forget_daily(on_day int) language plpgsql as $$
begin
  execute format('drop table retention.daily_%s', on_day);
  commit;
end $$;

-- The same functions for both copies, with their plans kept as the service keeps them.
do $make$
declare
  copy text;
begin
  foreach copy in array array['whole', 'daily'] loop
    execute format($f$
      create procedure retention.fill_%1$s(on_day int, tasks int) language plpgsql as $$
      begin
        for portion in 0..tasks / 100 - 1 loop
          insert into retention.%1$s (id, type, queue, priority, tags, payload, max_attempts, attempt_limit,
            timeout, run_at, created_at)
          select retention.id(on_day, portion * 100 + n - 1, tasks), 'type-' || n %% 10, 'default', 5, '{}',
            jsonb_build_object('text', repeat('x', 90)), 5, 5, interval '10 minutes', now(), now()
          from generate_series(1, 100) n;
          commit;
        end loop;
      end $$
    $f$, copy);
    execute format($f$
      create procedure retention.finish_%1$s(ids uuid[]) language plpgsql as $$
      begin
        for portion in 0..array_length(ids, 1) / 100 - 1 loop
          update retention.%1$s t
          set state = 'succeeded', result = '{"pages": 3}', worker = 'host-1', started_at = now(), finished_at = now()
          from unnest(ids[portion * 100 + 1:portion * 100 + 100]) e (id)
          where t.id = e.id and t.attempt = 1;
          commit;
        end loop;
      end $$
    $f$, copy);
    execute format($f$
      create function retention.read_%1$s(ids uuid[]) returns bigint language plpgsql as $$
      declare
        wanted uuid;
        found bigint := 0;
      begin
        foreach wanted in array ids loop
          perform from retention.%1$s t where t.id = wanted;
          found := found + 1;
        end loop;
        return found;
      end $$
    $f$, copy);
    execute format($f$
      create function retention.list_%1$s(on_day int, times int) returns bigint language plpgsql as $$
      declare
        listed bigint := 0;
      begin
        for n in 1..times loop
          listed := listed + (select count(*) from (
            select t.id from retention.%1$s t
            where t.type >= 'type-7' and (t.type, t.id) < ('type-7', retention.first_id(on_day - n %% 3))
            order by t.type desc, t.id desc limit 100) page);
        end loop;
        return listed;
      end $$
    $f$, copy);
    execute format($f$
      create procedure retention.turn_%1$s(on_day int, tasks int) language plpgsql as $$
      declare
        ids uuid[];
        began timestamptz := clock_timestamp();
        before pg_lsn := pg_current_wal_insert_lsn();
      begin
        call retention.fill_%1$s(on_day, tasks);
        perform retention.note('%1$s', '1 insert', on_day, began, before, tasks);

        ids := array(select id from retention.%1$s where id >= retention.first_id(on_day) order by id);
        began := clock_timestamp();
        before := pg_current_wal_insert_lsn();
        call retention.finish_%1$s(ids);
        perform retention.note('%1$s', '2 finish', on_day, began, before, tasks);

        began := clock_timestamp();
        before := pg_current_wal_insert_lsn();
        perform retention.read_%1$s(ids[1:5000]);
        perform retention.note('%1$s', '3 read one by its id', on_day, began, before, 5000);

        if on_day >= 7 then
          began := clock_timestamp();
          before := pg_current_wal_insert_lsn();
          perform retention.list_%1$s(on_day, 300);
          perform retention.note('%1$s', '4 list a hundred of a type', on_day, began, before, 300);

          began := clock_timestamp();
          before := pg_current_wal_insert_lsn();
          call retention.forget_%1$s(on_day - 7);
          perform retention.note('%1$s', '5 forget', on_day, began, before, tasks);
        end if;
        commit;
      end $$
    $f$, copy);
  end loop;
end $make$;

-- Rows that are deleted leave something to do afterwards; it is done, and counted, at once.
create table retention.clock (began timestamptz, before pg_lsn);

select statement
from generate_series(0, :days - 1) on_day
cross join lateral (values
  (0, format('create table retention.daily_%s partition of retention.daily for values from (%L) to (%L)
      with (fillfactor = 40, autovacuum_enabled = off)',
    on_day, retention.first_id(on_day), retention.first_id(on_day + 1))),
  (1 + on_day % 2, format('call retention.turn_whole(%s, %s)', on_day, :day)),
  (2 - on_day % 2, format('call retention.turn_daily(%s, %s)', on_day, :day)),
  (3, 'truncate retention.clock'),
  (4, 'insert into retention.clock select clock_timestamp(), pg_current_wal_insert_lsn()'),
  (5, 'vacuum retention.whole'),
  (6, format('do $d$ begin perform retention.note(%L, %L, %s, c.began, c.before, %s) from retention.clock c; end $d$',
    'whole', '6 vacuum', on_day, :day))) as turns (turn, statement)
order by on_day, turn
\gexec

\pset format aligned
select what, copy, count(*) as days, round(percentile_cont(0.5) within group (order by micros)::numeric, 2) as median_us,
  round(min(micros)::numeric, 2) as min_us, round(max(micros)::numeric, 2) as max_us,
  round(percentile_cont(0.5) within group (order by wal)::numeric) as wal_bytes
from retention.measured where day >= 7 group by what, copy order by what, copy;
select pg_size_pretty(pg_total_relation_size('retention.whole')) as whole,
  (select pg_size_pretty(sum(pg_total_relation_size(inhrelid))) from pg_inherits
   where inhparent = 'retention.daily'::regclass) as daily;
drop schema retention cascade;
