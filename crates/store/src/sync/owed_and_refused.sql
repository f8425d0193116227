delete from blob_owed
where sha256 = ?
    and not exists (select 1 from change where change.record_id = blob_owed.document_id)
returning sha256
