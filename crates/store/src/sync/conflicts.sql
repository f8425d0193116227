-- Open conflicts, newest first, with who changed which value.
select
    conflict.id,
    conflict.record_entity,
    conflict.record_id,
    conflict.customer_id,
    conflict.subject,
    conflict.field,
    conflict.base,
    conflict.theirs,
    conflict.ours,
    coalesce(ours.name, ''),
    conflict.ours_at,
    coalesce(
        (
            select user.name
            from change
            join changeset on changeset.seq = change.changeset_seq
            join user on user.id = changeset.user_id
            where change.record_id = conflict.record_id and changeset.origin = 'hub'
            order by change.seq desc
            limit 1
        ),
        ''
    )
from conflict
left join user as ours on ours.id = conflict.created_by
where conflict.choice = 'open' and conflict.deleted_at is null
order by conflict.ours_at desc
