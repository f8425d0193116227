select
    substr(closed_at, 1, 7) as month,
    sum(value)
from opportunity
where
    status = :status
    and owner_id = :user_id
    and closed_at >= :from
    and deleted_at is null
group by 1
