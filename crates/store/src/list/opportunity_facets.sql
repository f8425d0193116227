select
    opportunity.seq,
    case
        when opportunity.deleted_at is not null then 2
        when opportunity.customer_id in (select id from customer where deleted_at is not null) then 2
        else 1
    end,
    opportunity.status,
    opportunity.stage,
    opportunity.owner_id,
    cast(replace(opportunity.expected_close, '-', '') as integer)
from opportunity
