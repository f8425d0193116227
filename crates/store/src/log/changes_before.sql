select
    entity,
    record_id,
    kind,
    fields,
    seq
from change
where changeset_seq = :changeset and seq < :before
order by seq desc
limit :limit
