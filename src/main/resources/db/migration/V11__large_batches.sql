-- A lease of some hundreds of tasks is kept beside its row, and to compress random ids is in vain.
alter table trunkline.lease alter column task_ids set storage external;
