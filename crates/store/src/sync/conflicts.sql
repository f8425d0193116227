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
    conflict.created_by,
    coalesce(ours.name, ''),
    conflict.ours_at,
    conflict.changeset_id
from conflict
left join user as ours on ours.id = conflict.created_by
where conflict.choice = 'open' and conflict.deleted_at is null
order by conflict.ours_at desc
