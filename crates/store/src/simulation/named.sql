-- What the log names, with where its changeset stands; `handled` when its user decided about it.
select distinct
    change.entity,
    change.record_id,
    case when rejection.handled_at is not null then 'handled' else changeset.push_state end
from change
join changeset on changeset.seq = change.changeset_seq
left join rejection on rejection.changeset_seq = changeset.seq
-- The log of a quote has lines that became others in a revision.
where change.entity <> 'quote_line' or not exists (
    select 1
    from change as other
    join quote on quote.id = other.record_id
    where other.changeset_seq = change.changeset_seq
)
