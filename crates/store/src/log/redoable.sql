-- The last undo that was not taken back itself, if nothing else was done since it.
select
    id,
    operation,
    subject,
    at
from changeset
where
    undone_by is null
    and operation like 'undo.%'
    and seq > coalesce(
        (select max(seq) from changeset where undoes is null and origin = 'device'),
        0
    )
order by seq desc
limit 1
