select
    quote.id,
    quote.number,
    quote.revision,
    quote.subject,
    quote.customer_id,
    customer.name as customer,
    quote.status,
    quote.date,
    quote.valid_until,
    quote.net_total,
    quote.gross_total,
    coalesce(user.initials, '') as owner,
    quote.signed_at
from quote
join customer on customer.id = quote.customer_id
left join user on user.id = quote.owner_id
where quote.seq = :seq
