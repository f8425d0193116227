select
    quote.id,
    quote.customer_id,
    quote.number || case when quote.subject <> '' then ' · ' || quote.subject else '' end,
    customer.name
from quote
join customer on customer.id = quote.customer_id
where quote.seq = :seq
