-- An entity's records by id. Of customers' records those that certainly are not this user's are
-- left out here already: whoever sees few does not have all of them read.
select
    feed.entity,
    feed.id,
    feed.version,
    feed.xid::text::bigint as xid,
    feed.customer_id,
    feed.owner_id,
    customer.territory_id,
    customer.owner_id as customer_owner_id
from feed
left join customer on customer.id = feed.customer_id
where
    feed.entity = $1
    and feed.id > $2
    and (
        $4
        or feed.customer_id is null
        or customer.owner_id = $5
        or customer.territory_id = any($6)
    )
order by feed.id
limit $3
