select
    opportunity.id,
    opportunity.name,
    opportunity.customer_id,
    customer.name as customer,
    opportunity.value,
    opportunity.probability,
    opportunity.expected_close,
    opportunity.updated_at
from opportunity
join customer on customer.id = opportunity.customer_id
where opportunity.seq = :seq
