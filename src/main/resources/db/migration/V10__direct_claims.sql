-- Submissions that claim their tasks themselves.

-- As open_queues(), but no queue at all while somebody pauses or resumes one: a submission waits for nobody.
create function trunkline.try_open_queues() returns setof text
  language plpgsql volatile rows 20
as $$
begin
  if pg_try_advisory_xact_lock_shared(x'7472756e6b6c696e'::bigint) then
    return query select q.name from trunkline.queue q where q.paused_at is null;
  end if;
end;
$$;
