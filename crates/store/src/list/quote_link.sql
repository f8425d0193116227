select
    quote.seq,
    customer.seq
from quote
join customer on customer.id = quote.customer_id
