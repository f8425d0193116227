select
    stage,
    count(*),
    sum(value)
from opportunity
where
    status = 'open'
    and owner_id = ?
    and deleted_at is null
group by stage
