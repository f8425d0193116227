-- Full-text search: for each word, and each beginning of a word, the records that it is in.
-- Text is folded (Müller, Mueller and Muller are one word) before it comes here.

insert into schema_compat (version, min_reader) values (5, 5);

create table search_posting (
    -- kind of record and part of it (title, everything …)
    shelf integer not null,
    -- one to five letters that words begin with, or a whole word and $
    term text not null,
    -- the upper bits of the documents' numbers
    block integer not null,
    -- the lower 16 bits: two bytes each in order, or a bitmap of 8192 bytes
    docs blob not null,
    primary key (shelf, term, block)
) strict, without rowid;

-- Documents that changed since the postings were written: searched word by word, and merged
-- into the postings when there are many.
create table search_fresh (
    kind integer not null,
    seq integer not null,
    title text not null,
    detail text not null,
    marks text not null,
    primary key (kind, seq)
) strict, without rowid;

-- A document's number is its record's seq. A record that changes after it was merged gets a new
-- one, and the old one is on the shelf of the dead.
create table search_moved (
    kind integer not null,
    doc integer not null,
    seq integer not null,
    primary key (kind, doc)
) strict, without rowid;
create index search_moved_seq on search_moved (kind, seq);
