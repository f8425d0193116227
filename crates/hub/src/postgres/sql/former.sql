select former_place.id, former_place.customer_id, former_place.owner_id,
    case when former_place.entity = 'customer'
        then former_place.territory_id else customer.territory_id end as territory_id,
    case when former_place.entity = 'customer'
        then former_place.owner_id else customer.owner_id end as customer_owner_id
from former_place left join customer on customer.id = former_place.customer_id
where former_place.entity = any($2) and former_place.id = any($1)
