-- Submitting from SQL, in the caller's own transaction and from any language.

-- The types that processes of the service run, with what holds for a task that does not say
-- otherwise. Each process announces its own at its start; the last one to start is right.
create table trunkline.task_type (
  name         text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,99}$'),
  queue        text not null,
  priority     smallint not null check (priority between 0 and 9),
  max_attempts int not null check (max_attempts >= 1),
  timeout      interval not null check (timeout > interval '0'),
  announced_at timestamptz not null
);

-- The names of queues that were first used in a transaction of somebody else's, on their way to
-- `queue`. They are not inserted there directly: its key would make all who submit to the same new
-- queue wait until that transaction ends. So there is no key here, and a name can come twice.
create table trunkline.new_queue (
  name text not null
);

-- What an idempotency key stands for: a submission under the same key is the same one if this is.
-- `asked` holds the options that were given, without those that were left to the type.
create function trunkline.fingerprint(type text, payload jsonb, asked jsonb) returns bytea
  language sql stable parallel safe
  return sha256(convert_to(
    (jsonb_build_object('type', type, 'payload', payload) || asked)::text, 'UTF8'));

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
  wake            boolean     default true
) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  named   constant text := '^[a-z0-9][a-z0-9._-]{0,99}$';
  now     constant timestamptz := clock_timestamp();
  known   trunkline.task_type;
  faults  text[];
  asked   jsonb;
  hash    bytea;
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
      'idempotency_key must be 1 to 255 characters')
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
    'expiresAt', extract(epoch from submit.expires_at)));
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

    select * into known from trunkline.task_type t where t.name = submit.type;
    if known.name is null then
      raise exception using errcode = 'invalid_parameter_value',
        message = format('the task was not submitted: no process runs the type %L', submit.type),
        hint = 'Known are: ' || coalesce((select string_agg(t.name, ', ' order by t.name)
                                          from trunkline.task_type t), 'none')
          || '. A process announces its types when it starts.';
    end if;

    into_queue := coalesce(submit.queue, known.queue);
    due := greatest(coalesce(submit.run_at, now + submit.delay, now), now);
    insert into trunkline.task (id, type, queue, priority, tags, payload, max_attempts,
      attempt_limit, timeout, run_at, expires_at, idempotency_key, idempotency_hash, traceparent,
      created_at)
    values (trunkline.uuidv7(), submit.type, into_queue, coalesce(submit.priority, known.priority),
      coalesce(submit.tags, '{}'), submit.payload, coalesce(submit.max_attempts, known.max_attempts),
      coalesce(submit.max_attempts, known.max_attempts), coalesce(submit.timeout, known.timeout),
      due, submit.expires_at, submit.idempotency_key, hash,
      -- One that is not well-formed is ignored, as W3C Trace Context wants.
      substring(submit.traceparent from
        '^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*$'),
      now)
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
