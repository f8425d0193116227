-- The few changes first (cross join keeps the order), then what they touched.
with
later as (
    select distinct entity, record_id
    from change
    where seq > :after
)
select quote.seq
from later
cross join quote on quote.id = later.record_id
where entity = 'quote'
union
-- what goes with its customer
select quote.seq
from later
cross join quote on quote.customer_id = later.record_id
where entity = 'customer'
