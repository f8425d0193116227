select
    contact.id,
    contact.customer_id,
    customer.name as customer,
    coalesce(customer_summary.city, '') as city,
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
left join customer_summary on customer_summary.customer_seq = customer.seq
where contact.seq = :seq
