select distinct task.seq
from change
join task on task.id = change.record_id
where change.seq > :after and change.entity = 'task'
