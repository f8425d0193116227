-- The same as a walk through all entries, for somebody who sees few customers and was away for long.
with mine as materialized (
    select id from customer where owner_id = $4 or territory_id = any($5)
), own as (
    select found.*
    from mine cross join lateral (
        select * from feed
        where feed.customer_id = mine.id and (feed.xid, feed.version) > ($1::text::xid8, $2)
            and feed.xid < pg_snapshot_xmin(pg_current_snapshot())
        order by feed.xid, feed.version
        limit $3
    ) as found
), common as (
    select * from feed
    where feed.customer_id is null and (feed.owner_id is null or feed.owner_id = $4)
        and (feed.xid, feed.version) > ($1::text::xid8, $2)
        and feed.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by feed.xid, feed.version
    limit $3
), former as (
    select entity, id from former_place
    where entity = 'customer' and (owner_id = $4 or territory_id = any($5))
    union
    select entity, id from former_place
    where entity <> 'customer' and customer_id in (select id from mine)
    union
    select entity, id from former_place
    where entity <> 'customer' and customer_id is null and (owner_id is null or owner_id = $4)
), gone as (
    select feed.* from former join feed on feed.entity = former.entity and feed.id = former.id
    where case when feed.customer_id is null then feed.owner_id <> $4
            else feed.customer_id not in (select id from mine) end
        and (feed.xid, feed.version) > ($1::text::xid8, $2)
        and feed.xid < pg_snapshot_xmin(pg_current_snapshot())
)
select feed.entity, feed.id, feed.version, feed.xid::text::bigint as xid,
    feed.customer_id, feed.owner_id, feed.device_id,
    customer.territory_id, customer.owner_id as customer_owner_id,
    exists (
        select from former_place
        where entity = 'customer' and (xid, version) > ($1::text::xid8, $2)
    ) as has_moves,
    exists (
        select from former_place
        where former_place.entity = feed.entity and former_place.id = feed.id
    ) as has_former
from (select * from own union all select * from common union all select * from gone) as feed
left join customer on customer.id = feed.customer_id
order by feed.xid, feed.version
limit $3
