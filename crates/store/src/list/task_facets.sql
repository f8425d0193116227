select
    task.seq,
    case when task.deleted_at is null then 1 else 2 end,
    task.status,
    task.owner_id
from task
