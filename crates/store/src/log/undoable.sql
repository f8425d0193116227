-- An undo takes back one action; a redo (operation redo.…) stands for the action again.
select
    id,
    operation,
    subject,
    at
from changeset
where
    undone_by is null
    and origin = 'device'
    and (undoes is null or operation like 'redo.%')
order by seq desc
limit 1
