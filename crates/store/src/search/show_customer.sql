select
    customer.id,
    customer.id as customer_id,
    customer.name,
    customer.number
    || coalesce((
        select ' · ' || postal_code || ' ' || city
        from address
        where customer_id = customer.id and deleted_at is null
        order by is_default desc, kind
        limit 1
    ), '')
    || case when customer.phone <> '' then ' · ' || customer.phone else '' end
from customer
where customer.seq = :seq
