select
    opportunity.seq,
    customer.seq
from opportunity
join customer on customer.id = opportunity.customer_id
