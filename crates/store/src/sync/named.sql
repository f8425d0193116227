-- Records that a changeset names.
select distinct change.entity, change.record_id
from change
join changeset on changeset.seq = change.changeset_seq
where changeset.id = ?
