-- Who works here, settings, and whom we sell to.
--
-- Every migration adds its row to schema_compat: the schema that a binary must know at least to
-- open a database that this migration was applied to. A change that only adds what an older
-- binary does not look at names the older schema; any other names itself. This is the first.

create table schema_compat (
    version integer primary key,
    min_reader integer not null
) strict;
insert into schema_compat (version, min_reader) values (1, 1);

create table user (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    initials text not null default '',
    email text not null default '',
    phone text not null default '',
    position text not null default ''
) strict;

create table territory (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default ''
) strict;

create table setting (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null,
    value text not null default ''
) strict;
create unique index setting_name on setting (name) where deleted_at is null;

create table category (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    colour text not null default ''
) strict;

create table tag (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    colour text not null default ''
) strict;

create table payment_terms (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    due_days integer not null default 0,
    skonto_days integer not null default 0,
    skonto integer not null default 0
) strict;

create table price_list (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    currency text not null default ''
) strict;

create table customer (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    number text not null default '',
    name text not null default '',
    kind text not null default 'b2b' check (kind in ('b2b', 'b2c')),
    category_id blob references category (id) deferrable initially deferred,
    status text not null default 'active' check (status in ('active', 'inactive', 'blocked')),
    vat_id text not null default '',
    tax_number text not null default '',
    industry text not null default '',
    website text not null default '',
    email text not null default '',
    phone text not null default '',
    payment_terms_id blob references payment_terms (id) deferrable initially deferred,
    price_list_id blob references price_list (id) deferrable initially deferred,
    discount integer not null default 0,
    language text not null default 'de' check (language in ('de', 'en')),
    owner_id blob references user (id) deferrable initially deferred,
    territory_id blob references territory (id) deferrable initially deferred,
    parent_id blob references customer (id) deferrable initially deferred,
    notes text not null default ''
) strict;
-- fold() is the application's: text as search compares it, so Ä stands beside A.
create index customer_name on customer (fold(name), id);
create index customer_number on customer (number);
create index customer_vat_id on customer (vat_id) where vat_id <> '';
create index customer_updated on customer (updated_at);
-- Few are deleted; what hangs on them asks for each of its rows.
create index customer_deleted on customer (id) where deleted_at is not null;
create index customer_parent on customer (parent_id) where parent_id is not null;
-- What lists filter by, read in one go. No query looks up by the first column: the planner must
-- not take such an index for another purpose.
create index customer_facets on customer (kind, status, category_id, owner_id, territory_id, deleted_at);

create table address (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    customer_id blob not null references customer (id) deferrable initially deferred,
    kind text not null default 'billing' check (kind in ('billing', 'delivery', 'site')),
    label text not null default '',
    street text not null default '',
    house_number text not null default '',
    postal_code text not null default '',
    city text not null default '',
    state text not null default '',
    country text not null default 'DE',
    latitude integer,
    longitude integer,
    is_default integer not null default 0 check (is_default in (0, 1))
) strict;
create index address_customer on address (customer_id, is_default desc, kind);

create table contact (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    customer_id blob not null references customer (id) deferrable initially deferred,
    salutation text not null default 'unknown' check (salutation in ('unknown', 'ms', 'mr', 'diverse')),
    title text not null default '',
    first_name text not null default '',
    last_name text not null default '',
    position text not null default '',
    department text not null default '',
    role text not null default 'other' check (role in ('other', 'decision_maker', 'buyer', 'user', 'technical')),
    responsibilities text not null default '',
    phone text not null default '',
    mobile text not null default '',
    email text not null default '',
    birthday text,
    notes text not null default '',
    is_primary integer not null default 0 check (is_primary in (0, 1)),
    marketing_consent_at text
) strict;
create index contact_customer on contact (customer_id, is_primary desc);
create index contact_name on contact (fold(last_name), fold(first_name));
create index contact_position on contact (fold(position));
create index contact_facets on contact (role, customer_id, deleted_at);

create table customer_tag (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    customer_id blob not null references customer (id) deferrable initially deferred,
    tag_id blob not null references tag (id) deferrable initially deferred
) strict;
create index customer_tag_customer on customer_tag (customer_id, tag_id);
create index customer_tag_tag on customer_tag (tag_id, customer_id);
