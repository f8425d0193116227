select
    contact.seq,
    contact.first_name || ' ' || contact.last_name,
    contact.email || ' ' || contact.position || ' ' || customer.name,
    contact.phone || char(10) || contact.mobile
from contact
join customer on customer.id = contact.customer_id
where
    contact.deleted_at is null
    and (:id is null or contact.id = :id)
