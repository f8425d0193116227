-- Changesets that the hub did not take and nobody decided about.
select
    changeset.id,
    changeset.at,
    changeset.operation,
    changeset.subject,
    rejection.refusal
from rejection
join changeset on changeset.seq = rejection.changeset_seq
where rejection.handled_at is null
order by rejection.changeset_seq
