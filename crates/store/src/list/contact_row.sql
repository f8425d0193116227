select
    contact.id,
    contact.customer_id,
    customer.name as customer,
    coalesce((
        select city
        from address
        where customer_id = customer.id and deleted_at is null
        order by is_default desc, kind
        limit 1
    ), '') as city,
    contact.salutation,
    contact.title,
    contact.first_name,
    contact.last_name,
    contact.position,
    contact.role,
    contact.phone,
    contact.mobile,
    contact.email,
    contact.is_primary
from contact
join customer on customer.id = contact.customer_id
where contact.seq = :seq
