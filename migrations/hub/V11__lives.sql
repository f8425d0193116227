-- A laptop may come back that slept through several restores: it offers what it has above the place
-- where the life that it knows ended. Of lives before this schema only the last end is known.
alter table hub add column if not exists former_ends bigint[] not null default '{}';
update hub set former_ends = array_fill(restored_version, array[cardinality(former_epochs)])
where cardinality(former_ends) <> cardinality(former_epochs);
