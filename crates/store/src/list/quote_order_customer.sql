select
    quote.seq as seq,
    customer.name as customer
from quote
join customer on customer.id = quote.customer_id
where
    quote.deleted_at is null
    and (:status is null or quote.status = :status)
    and (:customer_id is null or quote.customer_id = :customer_id)
    and (:opportunity_id is null or quote.opportunity_id = :opportunity_id)
    and (:owner_id is null or quote.owner_id = :owner_id)
    and (:expires_by is null or (quote.status = 'sent' and quote.valid_until <= :expires_by))
    and (:text is null or quote.seq in (
        select rowid from search_quote where search_quote match :text
    ))
