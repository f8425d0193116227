-- Documents whose content is not here, the newest first.
select distinct document.sha256
from document
where
    document.deleted_at is null
    and document.sha256 <> ''
    and document.sha256 not in (select sha256 from blob)
order by document.created_at desc
limit :limit
