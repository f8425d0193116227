-- Whether a revoked laptop handed over a document with this content.
select 1
from kept_changeset, jsonb_array_elements(changeset -> 'changes') as change
where device_id = $1
    and change ->> 'entity' = 'document'
    and change #>> '{fields,sha256,to}' = $2
limit 1
