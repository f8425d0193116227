insert or ignore into blob_owed (document_id, sha256)
select document.id, document.sha256
from document
join blob on blob.sha256 = document.sha256
where document.id = ?
