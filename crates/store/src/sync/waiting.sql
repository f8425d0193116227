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
order by seq
limit :limit
