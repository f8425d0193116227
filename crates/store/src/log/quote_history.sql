select
    changeset.id,
    changeset.at,
    coalesce(user.name, ''),
    changeset.operation,
    change.entity,
    change.record_id,
    change.kind,
    change.fields
from change
join changeset on changeset.seq = change.changeset_seq
left join user on user.id = changeset.user_id
where change.record_id = ?1
    or change.record_id in (select id from quote_line where quote_id = ?1)
order by change.seq desc
