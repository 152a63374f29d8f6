-- A lease of some hundreds of tasks is kept beside its row for a moment. To compress its ids would take longer than to write
-- them.
alter table trunkline.lease alter column task_ids set storage external;
