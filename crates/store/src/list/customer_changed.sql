-- The few changes first (cross join keeps the order), then what they touched.
with
later as (
    select entity, record_id, fields
    from change
    where seq > :after
),
touched as (
    select record_id as id
    from later
    where entity = 'customer'
    union
    select address.customer_id
    from later
    cross join address on address.id = later.record_id
    where entity = 'address'
    union
    select communication.customer_id
    from later
    cross join communication on communication.id = later.record_id
    where entity = 'communication'
    union
    select opportunity.customer_id
    from later
    cross join opportunity on opportunity.id = later.record_id
    where entity = 'opportunity'
    union
    -- whose it was before it was given to another one
    select unhex(replace(json_extract(fields, '$.customer_id.from'), '-', ''))
    from later
    where entity in ('address', 'communication', 'opportunity')
)
select customer.seq
from touched
cross join customer on customer.id = touched.id
