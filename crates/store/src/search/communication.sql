select
    communication.seq,
    communication.subject,
    communication.body,
    '',
    -- the quarter and the day, to find the newest by
    'Q' || substr(communication.occurred_at, 1, 4)
    || '-' || ((substr(communication.occurred_at, 6, 2) + 2) / 3)
    || ' ' || substr(communication.occurred_at, 1, 10)
from communication
where
    communication.deleted_at is null
    and communication.customer_id not in (select id from customer where deleted_at is not null)
