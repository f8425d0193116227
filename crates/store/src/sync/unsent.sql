-- All that the hub has not taken and nobody gave up, oldest first.
select seq, id, at, user_id, operation, subject
from changeset
where push_state in ('waiting', 'sent')
    or seq in (select changeset_seq from rejection where handled_at is null)
order by seq
