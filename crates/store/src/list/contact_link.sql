select
    contact.seq,
    customer.seq
from contact
join customer on customer.id = contact.customer_id
