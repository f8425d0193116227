-- What the hub has not confirmed yet, newest first.
select
    seq,
    id,
    at,
    user_id,
    operation,
    subject
from changeset
where push_state in ('waiting', 'sent')
    -- so that the index of what is not confirmed is used
    and push_state <> 'confirmed'
order by seq desc
limit :limit
