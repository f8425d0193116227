select
    opportunity.id,
    opportunity.number,
    opportunity.name,
    opportunity.customer_id,
    customer.name as customer,
    opportunity.stage,
    opportunity.status,
    opportunity.value,
    opportunity.probability,
    opportunity.expected_close,
    coalesce(user.initials, '') as owner
from opportunity
join customer on customer.id = opportunity.customer_id
left join user on user.id = opportunity.owner_id
where opportunity.seq = :seq
