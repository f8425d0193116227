select
    customer.id,
    customer.number,
    customer.name,
    customer.kind,
    customer.status,
    coalesce(customer_summary.postal_code, '') as postal_code,
    coalesce(customer_summary.city, '') as city,
    customer.phone,
    coalesce(category.name, '') as category,
    coalesce(category.colour, '') as category_colour,
    coalesce(user.initials, '') as owner,
    coalesce((
        select trim(title || ' ' || first_name || ' ' || last_name)
        from contact
        where customer_id = customer.id and deleted_at is null
        order by is_primary desc
        limit 1
    ), '') as contact,
    customer_summary.last_contact_at,
    coalesce(customer_summary.open_value, 0) as open_value
from customer
left join category on category.id = customer.category_id
left join user on user.id = customer.owner_id
left join customer_summary on customer_summary.customer_seq = customer.seq
where customer.seq = :seq
