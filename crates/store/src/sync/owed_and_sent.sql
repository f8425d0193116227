-- What is not owed any more: the hub has it, and nothing waits that speaks of the document.
delete from blob_owed
where sha256 in (select sha256 from blob_sent)
    and not exists (select 1 from change where change.record_id = blob_owed.document_id)
returning sha256
