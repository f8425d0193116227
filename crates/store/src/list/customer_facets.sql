select
    customer.seq,
    case when customer.deleted_at is null then 1 else 2 end,
    customer.status,
    customer.kind,
    customer.category_id,
    customer.owner_id,
    customer.territory_id
from customer
