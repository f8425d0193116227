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
    -- one look-up a row: a list of the deleted ones would be gathered anew for every single record
    and not exists (
        select 1
        from customer
        where customer.id = communication.customer_id and customer.deleted_at is not null
    )
