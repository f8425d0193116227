select
    change.entity,
    change.record_id,
    change.kind,
    change.fields,
    synced.version
from change
left join synced on synced.record_id = change.record_id
where change.changeset_seq = :changeset
order by change.seq
