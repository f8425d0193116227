with
later as (
    select entity, record_id
    from change
    where seq > :after
)
select contact.seq
from later
join contact on contact.id = later.record_id
where entity = 'contact'
union
-- what goes with its customer
select contact.seq
from later
join contact on contact.customer_id = later.record_id
where entity = 'customer'
