select
    quote.seq,
    case
        when quote.deleted_at is not null then 2
        when quote.customer_id in (select id from customer where deleted_at is not null) then 2
        else 1
    end,
    quote.status,
    quote.owner_id,
    cast(replace(quote.valid_until, '-', '') as integer)
from quote
