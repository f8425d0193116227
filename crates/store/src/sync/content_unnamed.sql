-- Whether no document has this content, and it is owed for none.
select not exists (select 1 from document where sha256 = ?1)
    and not exists (select 1 from blob_owed where sha256 = ?1)
