select *
from appointment
where
    starts_at < :to
    and ends_at > :from
    and deleted_at is null
    and (:customer_id is null or customer_id = :customer_id)
order by starts_at
