select task.seq as seq
from task
where
    task.deleted_at is null
    and (:closed or task.status = 'open')
    and (:owner_id is null or task.owner_id = :owner_id)
    and (:customer_id is null or task.customer_id = :customer_id)
