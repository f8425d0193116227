select id, customer_id, territory_id, owner_id as customer_owner_id
from former_place
where entity = 'customer'
    and (xid, version) > ($1::text::xid8, $2)
    and xid <= $3::text::xid8
