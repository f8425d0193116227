-- What was offered to a restored hub, until the hub was read to its end again: where it is restored
-- once more before that, it is offered once more.

insert into schema_compat (version, min_reader) values (11, 6);

create table offered (
    record_id blob not null primary key,
    entity text not null,
    version integer not null
) strict, without rowid;
