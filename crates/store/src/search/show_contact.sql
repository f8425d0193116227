select
    contact.id,
    contact.customer_id,
    trim(contact.title || ' ' || contact.first_name || ' ' || contact.last_name),
    customer.name
    || case when contact.position <> '' then ' · ' || contact.position else '' end
    || case
        when contact.mobile <> '' then ' · ' || contact.mobile
        when contact.phone <> '' then ' · ' || contact.phone
        else ''
    end
from contact
join customer on customer.id = contact.customer_id
where contact.seq = :seq
