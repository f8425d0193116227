select
    opportunity.seq,
    opportunity.name || ' ' || opportunity.number,
    replace(opportunity.number, '-', '') || ' ' || customer.name,
    '',
    ''
from opportunity
join customer on customer.id = opportunity.customer_id
where opportunity.deleted_at is null and customer.deleted_at is null
