-- The last changeset that was made before there was a hub.
insert into local_setting (name, value)
select 'sync.begin', cast(coalesce(max(seq), 0) as text)
from changeset
where true
on conflict do update set value = excluded.value
