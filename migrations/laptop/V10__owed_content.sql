-- Content of documents that left this laptop, their customer being others' now, before the hub had it:
-- it is still brought to the hub. Then nothing of it stays.

insert into schema_compat (version, min_reader) values (10, 6);

create table blob_owed (
    document_id blob not null primary key,
    sha256 text not null
) strict, without rowid;
create index blob_owed_content on blob_owed (sha256);
