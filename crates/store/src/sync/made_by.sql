-- Who gave this field of a record this value last, by what this laptop saw of it: not what was
-- changed apart from it, and not what was not taken. What came from the hub is stamped by whoever
-- changed the record last; where that is who changed it apart, it says nothing of this field.
select changeset.user_id, user.name
from change
join changeset on changeset.seq = change.changeset_seq
join user on user.id = changeset.user_id
where
    change.record_id = :record
    and changeset.id <> :apart
    and changeset.push_state <> 'rejected'
    and not (changeset.origin = 'hub' and changeset.user_id = :ours)
    and json_type(change.fields, :to) is not null
    and json_extract(change.fields, :to) is json_extract(:value, '$')
order by change.seq desc
limit 1
