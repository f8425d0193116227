-- Records that a changeset names which the hub has not confirmed.
select distinct change.record_id
from changeset
join change on change.changeset_seq = changeset.seq
where changeset.push_state in ('waiting', 'sent')
