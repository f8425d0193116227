select
    contact.seq,
    case
        when contact.deleted_at is not null then 2
        when contact.customer_id in (select id from customer where deleted_at is not null) then 2
        else 1
    end,
    contact.role
from contact
