-- What this laptop knows of the hub.

insert into schema_compat (version, min_reader) values (6, 6);

-- The hub's version of each record that came from it or went to it.
create table synced (
    record_id blob not null primary key,
    entity text not null,
    version integer not null
) strict, without rowid;

-- What a newer hub sends and this version cannot store yet; read again after the upgrade.
create table kept_aside (
    record_id blob not null primary key,
    entity text not null,
    version integer not null,
    state text not null
) strict, without rowid;

-- Changesets that the hub did not take, until their user decides.
create table rejection (
    changeset_seq integer primary key references changeset (seq),
    -- JSON: code, field, args, sentence
    refusal text not null,
    rejected_at text not null,
    handled_at text
) strict;

-- A field that two people changed apart.
create table conflict (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    customer_id blob references customer (id) deferrable initially deferred,
    owner_id blob references user (id) deferrable initially deferred,
    record_entity text not null default '',
    record_id blob not null,
    subject text not null default '',
    field text not null default '',
    base text not null default '',
    theirs text not null default '',
    ours text not null default '',
    ours_at text not null,
    changeset_id blob not null,
    choice text not null default 'open' check (choice in ('open', 'theirs', 'ours'))
) strict;
create index conflict_open on conflict (choice) where choice = 'open';
create index conflict_customer on conflict (customer_id) where customer_id is not null;

-- Content of documents that the hub has.
create table blob_sent (
    sha256 text not null primary key
) strict, without rowid;
