-- What retention asks of the tasks that did not succeed: the oldest of a state. There is no such index
-- on `task`, where it would keep an attempt's end from being a heap-only update. The table is small;
-- ends without success wait while the index is built.
create index unsuccessful_state_finished_at on trunkline.unsuccessful (state, finished_at);
