-- Edits of a record that the hub has not confirmed yet, oldest first.
select change.fields
from change
join changeset on changeset.seq = change.changeset_seq
where change.record_id = :record and changeset.push_state = 'waiting'
order by change.seq
