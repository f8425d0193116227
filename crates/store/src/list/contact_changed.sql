-- The few changes first (cross join keeps the order), then what they touched.
with
later as (
    select distinct entity, record_id
    from change
    where seq > :after
)
select contact.seq
from later
cross join contact on contact.id = later.record_id
where entity = 'contact'
union
-- what goes with its customer
select contact.seq
from later
cross join contact on contact.customer_id = later.record_id
where entity = 'customer'
