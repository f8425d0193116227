select
    contact.seq,
    contact.first_name || ' ' || contact.last_name,
    contact.email || ' ' || contact.position || ' ' || customer.name || ' '
    || coalesce(customer_summary.city, ''),
    contact.phone || char(10) || contact.mobile,
    ''
from contact
join customer on customer.id = contact.customer_id
left join customer_summary on customer_summary.customer_seq = customer.seq
where contact.deleted_at is null and customer.deleted_at is null
