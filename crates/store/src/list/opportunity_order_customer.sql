select
    opportunity.seq as seq,
    customer.name as customer
from opportunity
join customer on customer.id = opportunity.customer_id
where
    opportunity.deleted_at is null
    and (:status is null or opportunity.status = :status)
    and (:stage is null or opportunity.stage = :stage)
    and (:owner_id is null or opportunity.owner_id = :owner_id)
    and (:customer_id is null or opportunity.customer_id = :customer_id)
    and (:closes_by is null or opportunity.expected_close <= :closes_by)
    and (:text is null or opportunity.seq in (
        select rowid from search_opportunity where search_opportunity match :text
    ))
