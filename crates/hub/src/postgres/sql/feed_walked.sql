-- One row at least: how many entries were walked. Others' work is most of what is written: it is
-- left out here, not read and thrown away. What may have left the scope is not.
with walked as materialized (
    select * from feed
    where (xid, version) > ($1::text::xid8, $2)
        and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid, version
    limit $7
)
select (select count(*) from walked) as walked,
    exists (
        select from former_place
        where entity = 'customer' and (xid, version) > ($1::text::xid8, $2)
    ) as has_moves,
    found.*
from (values (true)) as always left join (
    select feed.entity, feed.id, feed.version, feed.xid::text::bigint as xid,
        feed.customer_id, feed.owner_id, feed.device_id,
        customer.territory_id, customer.owner_id as customer_owner_id,
        exists (
            select from former_place
            where former_place.entity = feed.entity and former_place.id = feed.id
        ) as has_former
    from walked as feed left join customer on customer.id = feed.customer_id
    where $4 or customer.owner_id = $5 or customer.territory_id = any($6)
        or (feed.customer_id is null and (feed.owner_id is null or feed.owner_id = $5))
        or exists (
            select from former_place
            left join customer as former on former.id = former_place.customer_id
            where former_place.entity = feed.entity and former_place.id = feed.id
                and case
                    when former_place.entity = 'customer' then
                        former_place.owner_id = $5 or former_place.territory_id = any($6)
                    when former_place.customer_id is null then
                        former_place.owner_id is null or former_place.owner_id = $5
                    else former.owner_id = $5 or former.territory_id = any($6)
                end
        )
    order by feed.xid, feed.version
    limit $3
) as found on true
order by found.xid, found.version
