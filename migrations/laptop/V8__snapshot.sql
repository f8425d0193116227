-- Parts of a hub's snapshot, packed as they came, until all are there and are loaded at once.

insert into schema_compat (version, min_reader) values (8, 6);

create table snapshot_part (
    no integer primary key,
    content blob not null
) strict;
