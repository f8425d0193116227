-- Where these records stand, and wherever they stood after a transaction: they may have moved, or
-- their customers may have changed hands.
with stood as (
    select feed.id, feed.customer_id, feed.owner_id
    from unnest($2::uuid[]) as wanted (id)
    join feed on feed.entity = $1 and feed.id = wanted.id
    union
    select id, customer_id, owner_id
    from former_place
    where entity = $1
        and entity <> 'customer'
        and id = any($2)
        and xid > $3::text::xid8
)
select stood.id, stood.customer_id, stood.owner_id,
    customer.territory_id, customer.owner_id as customer_owner_id
from stood
left join customer on customer.id = stood.customer_id
union all
select stood.id, stood.customer_id, stood.owner_id,
    former_place.territory_id, former_place.owner_id as customer_owner_id
from stood
join former_place on former_place.entity = 'customer' and former_place.id = stood.customer_id
where former_place.xid > $3::text::xid8
