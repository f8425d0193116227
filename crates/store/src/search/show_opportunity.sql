select
    opportunity.id,
    opportunity.customer_id,
    opportunity.name,
    opportunity.number || ' · ' || customer.name
from opportunity
join customer on customer.id = opportunity.customer_id
where opportunity.seq = :seq
