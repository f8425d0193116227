-- The size of content that is there and shown by one of these documents.
select size
from blob
where sha256 = $1
    and is_whole
    and exists (
        select 1 from shown_document where sha256 = $1 and document_id = any($2)
    )
