select
    seq,
    subject,
    body,
    ''
from communication
where
    deleted_at is null
    and (:id is null or id = :id)
