-- Rounds of sync that did something or ended otherwise than the one before, for people to look at.

insert into schema_compat (version, min_reader) values (9, 6);

create table sync_round (
    seq integer primary key,
    at text not null,
    sent integer not null,
    received integer not null,
    conflicts integer not null,
    rejected integer not null,
    mended integer not null,
    -- JSON: why it did not end well; null where it did
    failure text
) strict;

-- The changeset by which a rejected one was made once more: taken back, the rejection is open again.
alter table rejection add column made_again blob;
create index rejection_made_again on rejection (made_again) where made_again is not null;
