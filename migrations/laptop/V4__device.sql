-- The change log: outbox, undo and audit trail in one. And what belongs to this device alone.

insert into schema_compat (version, min_reader) values (4, 4);

-- One row a user action.
create table changeset (
    seq integer primary key,
    id blob not null unique,
    at text not null,
    user_id blob not null,
    operation text not null,
    subject text not null,
    -- the changeset that this one takes back, if it does
    undoes blob,
    -- the changeset that took this one back, if one did
    undone_by blob,
    -- made on this device, or came from the hub
    origin text not null default 'device' check (origin in ('device', 'hub')),
    -- waiting until a hub confirms it
    push_state text not null default 'waiting' check (push_state in ('waiting', 'sent', 'confirmed', 'rejected'))
) strict;
create index changeset_undo on changeset (seq) where undone_by is null;
create index changeset_action on changeset (seq) where undoes is null;
create index changeset_outbox on changeset (seq) where push_state <> 'confirmed';
create index changeset_at on changeset (at);

-- One row a changed record.
create table change (
    seq integer primary key,
    changeset_seq integer not null references changeset (seq),
    entity text not null,
    record_id blob not null,
    kind text not null check (kind in ('insert', 'update')),
    -- {"field": {"from": …, "to": …}}
    fields text not null
) strict;
create index change_record on change (record_id);
create index change_changeset on change (changeset_seq);

-- Numbers that people read are made here, once each, whatever is undone later.
create table number_range (
    kind text not null,
    -- the year that it counts in; 0 when the pattern has no year
    year integer not null,
    next integer not null,
    -- the last number of the block that the hub leased; none: there is no hub, no end
    last integer,
    -- the next number of this device's own, for when the block is used up
    next_own integer not null default 1,
    primary key (kind, year)
) strict, without rowid;

-- Content of documents, once per hash.
create table blob (
    sha256 text not null primary key,
    size integer not null,
    content blob not null
) strict;

-- Unsaved input of forms.
create table draft (
    key text not null primary key,
    input text not null,
    updated_at text not null
) strict, without rowid;

-- This device's own settings: who works here, language, device code.
create table local_setting (
    name text not null primary key,
    value text not null
) strict, without rowid;

-- What lists sort customers by beside their own columns; derived, written by the store after
-- every changeset.
create table customer_summary (
    customer_seq integer primary key,
    postal_code text not null default '',
    city text not null default '',
    last_contact_at text,
    open_value integer not null default 0
) strict;
create index customer_summary_city on customer_summary (postal_code, fold(city));
create index customer_summary_contact on customer_summary (last_contact_at);
create index customer_summary_open on customer_summary (open_value);

-- Counters of the store itself. `fill` counts the loads that wrote records without a log, so
-- that what is kept in memory is read anew.
create table counter (
    name text not null primary key,
    value integer not null
) strict, without rowid;
insert into counter (name, value) values ('fill', 0);
