-- Lines that were changed together with a quote and are not here any more.
select distinct line.record_id
from change as quote
join change as line on line.changeset_seq = quote.changeset_seq
where quote.record_id = ?
    and line.entity = 'quote_line'
    and not exists (select 1 from quote_line where quote_line.id = line.record_id)
