-- Callbacks: a client is told that its task is final by a POST to a URL of its own.

alter table trunkline.task add column callback_url text;

-- A delivery is a task of its own, of the type callback.deliver. This says what it delivers: the task
-- in the final state that it reached at finished_at, and in no later one. Only what is named here is
-- delivered, whoever makes a task of that type.
create table trunkline.callback_delivery (
  delivery_id uuid primary key,
  task_id     uuid not null,
  finished_at timestamptz not null
);

create index callback_delivery_task_id on trunkline.callback_delivery (task_id, delivery_id);

insert into trunkline.queue (name) values ('callbacks') on conflict do nothing;

-- Makes a delivery, due now. Thirty attempts reach over about three days.
create function trunkline.call_back(
  task uuid, url text, final_since timestamptz, traceparent text
) returns uuid
  language sql volatile
begin atomic
  with made as materialized (
    select trunkline.uuidv7() as id, clock_timestamp() as at
  ), stored as (
    insert into trunkline.task (id, type, queue, priority, payload, max_attempts, attempt_limit,
      timeout, run_at, traceparent, created_at)
    select m.id, 'callback.deliver', 'callbacks', 5,
      jsonb_build_object('taskId', call_back.task, 'url', call_back.url), 30, 30,
      interval '2 minutes', m.at, call_back.traceparent, m.at
    from made m
  ), waiting as (
    insert into trunkline.ready (queue, priority, due, task_id, type)
    select 'callbacks', 5, m.at, m.id, 'callback.deliver' from made m
  )
  insert into trunkline.callback_delivery (delivery_id, task_id, finished_at)
  select m.id, call_back.task, call_back.final_since from made m
  returning delivery_id;
end;

-- By triggers, so that no statement that ends tasks can forget it, not even one of an older version
-- of the service; docs/adr/0014 has what that costs the ends of all others.
create function trunkline.call_back_at_end() returns trigger
  language plpgsql
as $$
begin
  perform trunkline.call_back(new.id, new.callback_url, new.finished_at, new.traceparent);
  return null;
end;
$$;

create trigger task_calls_back after update of state on trunkline.task
  for each row
  when (old.state = 'open' and new.state <> 'open' and new.callback_url is not null)
  execute function trunkline.call_back_at_end();

create function trunkline.forget_delivery() returns trigger
  language plpgsql
as $$
begin
  delete from trunkline.callback_delivery where delivery_id = old.id;
  return null;
end;
$$;

create trigger delivery_forgotten after delete on trunkline.task
  for each row when (old.type = 'callback.deliver') execute function trunkline.forget_delivery();

-- What has told of a task, or has given up, goes with it, whoever deletes it. One that is under way
-- finds the task gone. What somebody else holds is left, and not waited for: two who delete could
-- wait for each other; its retention ends it.
create function trunkline.forget_callbacks() returns trigger
  language plpgsql
as $$
begin
  delete from trunkline.task
  where id = any(array(
    select t.id
    from trunkline.callback_delivery d
    join trunkline.task t on t.id = d.delivery_id
    where d.task_id = old.id and t.state <> 'open'
    order by t.id
    for update of t skip locked));
  return null;
end;
$$;

create trigger callbacks_forgotten after delete on trunkline.task
  for each row when (old.callback_url is not null) execute function trunkline.forget_callbacks();

-- What deliveries are signed with where trunkline.callback.secrets does not say; all of them sign.
-- The first one is made when it is first needed, by whichever process comes first: nothing leaves
-- unsigned.
create table trunkline.callback_secret (
  id         uuid primary key,
  secret     text not null check (secret ~ '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$'),
  first      boolean not null,
  created_at timestamptz not null
);

create unique index callback_secret_first on trunkline.callback_secret (first) where first;

-- As before, with one more parameter, and so another function.
alter function trunkline.submit rename to submit_without_callback;

-- Submits a task in the caller's transaction: it exists if and only if that commits, and no worker
-- hears of it before. Answers its id, or under an idempotency key that was used for the same
-- submission before, over HTTP or SQL, the id of the first.
--
--   select trunkline.submit(type => 'echo', payload => '{"text": "hi", "time": 1}');
--
-- What is left out comes from the type. Bounds as in the HTTP contract: queue [a-z0-9._-], priority
-- 0 to 9, up to 20 tags of 1 to 100 characters, delay up to 3660 days or run_at but not both,
-- max_attempts 1 to 1000, timeout 1 ms to 7 days, a key of 1 to 255 characters, a payload of up to
-- 1 MiB. The payload is not checked against the schema of its type, which SQL does not know: one
-- that does not fit fails when it is run, as `rejected`.
--
-- `callback` is {"url": "https://…"}, which is told when the task is final.
--
-- `wake` has the workers notified at the commit. NOTIFY takes a lock of the whole instance while it
-- commits, so whoever submits from many transactions at once may do better without: then the task
-- starts with the next poll.
--
-- Raises 22023 (invalid_parameter_value) naming everything that is wrong; nothing is stored then.
-- Runs with the rights of the schema's owner: a caller needs `usage` on the schema and `execute` on
-- this function, and no right to a table.
create function trunkline.submit(
  type            text,
  payload         jsonb,
  queue           text        default null,
  priority        int         default null,
  tags            text[]      default '{}',
  delay           interval    default null,
  run_at          timestamptz default null,
  max_attempts    int         default null,
  timeout         interval    default null,
  expires_at      timestamptz default null,
  idempotency_key text        default null,
  traceparent     text        default null,
  wake            boolean     default true,
  callback        jsonb       default null
) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  named   constant text := '^[a-z0-9][a-z0-9._-]{0,99}$';
  now     timestamptz;
  known   trunkline.task_type;
  faults  text[];
  asked   jsonb;
  hash    bytea;
  new_id  uuid;
  id      uuid;
  found   record;
  due     timestamptz;
  into_queue text;
begin
  select array_agg(f.fault order by f.ord) into faults
  from (values
    (1, submit.type is null, 'type is missing'),
    (2, submit.payload is null, 'payload is missing'),
    (3, octet_length(submit.payload::text) > 1048576, 'payload must be at most 1 MiB of text'),
    (4, submit.queue !~ named, 'queue must be 1 to 100 lower-case letters, digits, ''.'', ''_'' or'
      ' ''-'', and start with a letter or a digit'),
    (5, submit.priority not between 0 and 9, 'priority must be from 0 (first) to 9'),
    (6, cardinality(submit.tags) > 20, 'tags must be at most 20'),
    (7, exists (select from unnest(submit.tags) as t (tag)
                where t.tag is null or char_length(t.tag) not between 1 and 100),
      'tags must be 1 to 100 characters each'),
    (8, submit.delay is not null and submit.run_at is not null,
      'run_at cannot be given together with delay: leave one of them out'),
    (9, submit.delay not between interval '0' and interval '3660 days',
      'delay must be from 0 to 3660 days'),
    (10, not (submit.run_at >= timestamptz '1970-01-01 00:00Z'
              and submit.run_at < timestamptz '9999-12-31 00:00Z'),
      'run_at must be from the year 1970 to the year 9999'),
    (11, not (submit.expires_at >= timestamptz '1970-01-01 00:00Z'
              and submit.expires_at < timestamptz '9999-12-31 00:00Z'),
      'expires_at must be from the year 1970 to the year 9999'),
    (12, submit.expires_at <= submit.run_at, 'expires_at must be after run_at'),
    (13, submit.max_attempts not between 1 and 1000, 'max_attempts must be from 1 to 1000'),
    (14, submit.timeout not between interval '1 millisecond' and interval '7 days',
      'timeout must be from 1 ms to 7 days'),
    (15, char_length(submit.idempotency_key) not between 1 and 255,
      'idempotency_key must be 1 to 255 characters'),
    (16, submit.callback is not null and case jsonb_typeof(submit.callback)
           when 'object' then submit.callback - 'url' <> '{}'
             or coalesce(jsonb_typeof(submit.callback -> 'url'), 'none') <> 'string'
           else true
         end,
      'callback must be {"url": "…"}'),
    (17, submit.callback ->> 'url' !~* '^https?://[^\s/?#@\\]+([/?#]\S*)?$'
         or char_length(submit.callback ->> 'url') > 8192,
      'callback.url must be an absolute http or https URL without a user name or password, of at'
      ' most 8192 characters')
  ) as f (ord, wrong, fault)
  where f.wrong;
  if faults is not null then
    raise exception using errcode = 'invalid_parameter_value',
      message = 'the task was not submitted: ' || array_to_string(faults, '; ');
  end if;

  asked := jsonb_strip_nulls(jsonb_build_object(
    'queue', submit.queue, 'priority', submit.priority,
    'tags', case when cardinality(submit.tags) > 0 then to_jsonb(submit.tags) end,
    'delay', extract(epoch from submit.delay), 'runAt', extract(epoch from submit.run_at),
    'maxAttempts', submit.max_attempts, 'timeout', extract(epoch from submit.timeout),
    'expiresAt', extract(epoch from submit.expires_at), 'callback', submit.callback));
  hash := case when submit.idempotency_key is not null
    then trunkline.fingerprint(submit.type, submit.payload, asked) end;

  loop
    if submit.idempotency_key is not null then
      -- Before the look at the type, which may have gone since the first submission.
      select t.id, t.idempotency_hash as hash into found
      from trunkline.task t
      where t.idempotency_key = submit.idempotency_key;
      if found.id is not null and found.hash = hash then
        return found.id;
      elsif found.id is not null then
        raise exception using errcode = 'invalid_parameter_value',
          message = 'the idempotency_key was used for another submission',
          hint = 'Use a new key for a new task.';
      end if;
    end if;

    -- What the service makes by itself is nobody else's to ask for, whoever says that they run it.
    select * into known from trunkline.task_type t
    where t.name = submit.type and t.name <> 'callback.deliver';
    if known.name is null then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('the task was not submitted: no process runs the type %L', submit.type),
        hint = 'Known are: ' || coalesce((select string_agg(t.name, ', ' order by t.name)
                                          from trunkline.task_type t
                                          where t.name <> 'callback.deliver'), 'none')
          || '. A process announces its types when it starts.';
    end if;

    into_queue := coalesce(submit.queue, known.queue);
    -- Only now, and both at once: lists find the tasks of a time by their ids.
    new_id := trunkline.uuidv7();
    now := clock_timestamp();
    due := greatest(coalesce(submit.run_at, now + submit.delay, now), now);
    insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
      attempt_limit, timeout, run_at, expires_at, idempotency_key, idempotency_hash, traceparent,
      created_at, callback_url)
    values (new_id, submit.type, into_queue, coalesce(submit.priority, known.priority),
      coalesce(submit.tags, '{}'), submit.payload, coalesce(submit.max_attempts, known.max_attempts),
      coalesce(submit.max_attempts, known.max_attempts), coalesce(submit.timeout, known.timeout),
      due, submit.expires_at, submit.idempotency_key, hash,
      -- One that is not well-formed is ignored, as W3C Trace Context wants.
      substring(submit.traceparent from
        '^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*$'),
      now, submit.callback ->> 'url')
    on conflict (idempotency_key) where idempotency_key is not null do nothing
    returning trunkline.task.id into id;
    exit when id is not null;
    -- Somebody took the key in between: look again at what they submitted.
  end loop;

  insert into trunkline.ready (queue, priority, due, task_id, type, expires_at)
  values (into_queue, coalesce(submit.priority, known.priority), due, id, submit.type,
    submit.expires_at);
  insert into trunkline.new_queue (name)
  select into_queue where not exists (select from trunkline.queue q where q.name = into_queue);
  if wake and due < now + interval '15 seconds' then
    perform pg_notify('trunkline', '');
  end if;
  return id;
end;
$$;

revoke execute on function trunkline.submit from public;

-- Whoever might call the one before may call this one.
do $$
declare
  may record;
begin
  for may in
    select acl.grantee, acl.is_grantable
    from pg_proc p, aclexplode(p.proacl) as acl
    where p.oid = 'trunkline.submit_without_callback'::regproc
      and acl.privilege_type = 'EXECUTE' and acl.grantee <> p.proowner
  loop
    execute format('grant execute on function trunkline.submit to %s%s',
      case when may.grantee = 0 then 'public' else may.grantee::regrole::text end,
      case when may.is_grantable then ' with grant option' else '' end);
  end loop;
end;
$$;
drop function trunkline.submit_without_callback;
