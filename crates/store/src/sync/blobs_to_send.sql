-- Content that the hub has the document of, but not yet itself: of documents that are here, and
-- before them of those that left.
select sha256
from (
    select document.sha256, document.seq as place
    from document
    join synced on synced.record_id = document.id
    join blob on blob.sha256 = document.sha256
    where document.sha256 not in (select sha256 from blob_sent)
    union all
    select blob_owed.sha256, 0
    from blob_owed
    join blob on blob.sha256 = blob_owed.sha256
    where not exists (select 1 from change where change.record_id = blob_owed.document_id)
)
group by sha256
order by min(place)
limit :limit
