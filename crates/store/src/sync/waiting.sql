-- What the hub has not confirmed yet, oldest first.
select
    seq,
    id,
    at,
    user_id,
    operation,
    subject,
    -- confirmed once, and sent again after the hub was restored
    push_state = 'sent'
from changeset
where push_state in ('waiting', 'sent')
    -- so that the index of what is not confirmed is used
    and push_state <> 'confirmed'
order by seq
limit :limit
