select
    record_id,
    entity,
    version
from synced
where version > :version and record_id > :after
order by record_id
limit :limit
