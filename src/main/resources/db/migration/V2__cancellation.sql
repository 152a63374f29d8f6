-- The tasks of which somebody asked to cancel the running attempt: few, and every process with
-- running attempts asks for them twice a second. No attempt's end changes the column, except where
-- it was set, so that the end of all others stays a heap-only update.
create index task_cancel_requested_at on trunkline.task (cancel_requested_at)
  where cancel_requested_at is not null;
