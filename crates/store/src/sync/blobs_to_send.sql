-- Content that the hub has the document of, but not yet itself.
select distinct document.sha256
from document
join synced on synced.record_id = document.id
join blob on blob.sha256 = document.sha256
where document.sha256 not in (select sha256 from blob_sent)
order by document.seq
limit :limit
