select root.customer_id, customer.territory_id, customer.owner_id as customer_owner_id
from (select customer_of($1, $2) as customer_id) as root
left join customer on customer.id = root.customer_id
