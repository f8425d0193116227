select
    customer.seq as seq,
    customer.name as name,
    category.name as category
from customer
left join category on category.id = customer.category_id
where
    (customer.deleted_at is not null) = :deleted
    and (:status is null or customer.status = :status)
    and (:kind is null or customer.kind = :kind)
    and (:category_id is null or customer.category_id = :category_id)
    and (:owner_id is null or customer.owner_id = :owner_id)
    and (:territory_id is null or customer.territory_id = :territory_id)
    and (:tag_id is null or customer.id in (
        select customer_id from customer_tag where tag_id = :tag_id and deleted_at is null
    ))
    and (:text is null or customer.seq in (
        select rowid from search_customer where search_customer match :text
    ))
