with
later as (
    select entity, record_id
    from change
    where seq > :after
)
select quote.seq
from later
join quote on quote.id = later.record_id
where entity = 'quote'
union
-- what goes with its customer
select quote.seq
from later
join quote on quote.customer_id = later.record_id
where entity = 'customer'
