-- The few changes first (cross join keeps the order), then what they touched.
with
later as (
    select distinct entity, record_id
    from change
    where seq > :after
)
select opportunity.seq
from later
cross join opportunity on opportunity.id = later.record_id
where entity = 'opportunity'
union
-- what goes with its customer
select opportunity.seq
from later
cross join opportunity on opportunity.customer_id = later.record_id
where entity = 'customer'
