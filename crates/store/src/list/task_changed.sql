select distinct task.seq
from change
cross join task on task.id = change.record_id
where change.seq > :after and change.entity = 'task'
