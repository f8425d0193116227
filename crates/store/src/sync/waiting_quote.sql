-- Whether something of a quote was changed here and is not confirmed yet.
select 1
from change
join changeset on changeset.seq = change.changeset_seq
where
    changeset.push_state = 'waiting'
    and (
        change.record_id = :quote
        or change.record_id in (select id from quote_line where quote_id = :quote)
    )
limit 1
