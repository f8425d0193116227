select
    changeset.at,
    changeset.operation,
    changeset.subject,
    coalesce(user.initials, '')
from changeset
left join user on user.id = changeset.user_id
where
    changeset.at >= ?
    and changeset.undone_by is null
    and changeset.operation not like 'undo.%'
order by changeset.seq desc
limit 8
