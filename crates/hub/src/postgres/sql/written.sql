-- What was written behind a position, whether or not it can be read safely yet.
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
where (feed.xid, feed.version) > ($1::text::xid8, $2)
order by feed.xid, feed.version
limit $3
