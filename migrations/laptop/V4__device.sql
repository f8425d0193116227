-- The change log: outbox, undo and audit trail in one. And what belongs to this device alone.

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
    -- waiting until a hub confirms it
    push_state text not null default 'waiting' check (push_state in ('waiting', 'sent', 'confirmed'))
) strict;
create index changeset_undo on changeset (seq) where undone_by is null and undoes is null;

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

-- What lists show of a customer beside its own columns; derived, kept by the triggers below.
create table customer_summary (
    customer_id blob not null primary key,
    last_contact_at text,
    open_value integer not null default 0
) strict, without rowid;
create index customer_summary_contact on customer_summary (last_contact_at);
create index customer_summary_open on customer_summary (open_value);

create trigger customer_summary_new after insert on customer begin
    insert into customer_summary (customer_id) values (new.id) on conflict do nothing;
end;

create trigger communication_new after insert on communication when new.deleted_at is null begin
    insert into customer_summary (customer_id, last_contact_at)
    values (new.customer_id, new.occurred_at)
    on conflict (customer_id) do update
    set last_contact_at = max(coalesce(last_contact_at, ''), new.occurred_at);
end;

create trigger communication_changed after update on communication begin
    update customer_summary
    set last_contact_at = (
        select max(occurred_at)
        from communication
        where customer_id = new.customer_id and deleted_at is null
    )
    where customer_id = new.customer_id;
end;

create trigger opportunity_new after insert on opportunity
when new.status = 'open' and new.deleted_at is null begin
    insert into customer_summary (customer_id, open_value)
    values (new.customer_id, new.value)
    on conflict (customer_id) do update
    set open_value = open_value + new.value;
end;

create trigger opportunity_changed after update on opportunity begin
    update customer_summary
    set open_value = (
        select coalesce(sum(value), 0)
        from opportunity
        where customer_id = new.customer_id and status = 'open' and deleted_at is null
    )
    where customer_id in (new.customer_id, old.customer_id);
end;
