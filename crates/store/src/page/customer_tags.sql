select tag.*
from customer_tag
join tag on tag.id = customer_tag.tag_id
where
    customer_tag.customer_id = ?
    and customer_tag.deleted_at is null
    and tag.deleted_at is null
order by fold(tag.name)
