select
    customer.seq,
    customer.name || ' ' || customer.number,
    replace(customer.number, '-', '') || ' ' || customer.vat_id || ' ' || customer.email || ' '
    || customer.industry || ' '
    || coalesce((
        select group_concat(street || ' ' || postal_code || ' ' || city || ' ' || label, ' ')
        from address
        where customer_id = customer.id and deleted_at is null
    ), '') || ' '
    || coalesce((
        select group_concat(tag.name, ' ')
        from customer_tag
        join tag on tag.id = customer_tag.tag_id
        where customer_tag.customer_id = customer.id and customer_tag.deleted_at is null
    ), ''),
    customer.phone,
    coalesce((
        select group_concat('tag:' || hex(tag_id), ' ')
        from customer_tag
        where customer_id = customer.id and deleted_at is null
    ), '')
from customer
where customer.deleted_at is null
