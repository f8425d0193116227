-- Who works here, settings, and whom we sell to. The same records as on the laptop.

create table "user" (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default '',
    initials text not null default '',
    email text not null default '',
    phone text not null default '',
    position text not null default ''
);

create table territory (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default ''
);

create table setting (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null,
    value text not null default ''
);

create table category (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default '',
    colour text not null default ''
);

create table tag (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default '',
    colour text not null default ''
);

create table payment_terms (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default '',
    due_days bigint not null default 0,
    skonto_days bigint not null default 0,
    skonto bigint not null default 0
);

create table price_list (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default '',
    currency text not null default ''
);

create table customer (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    number text not null default '',
    name text not null default '',
    kind text not null default 'b2b' check (kind in ('b2b', 'b2c')),
    category_id uuid references category (id) deferrable initially deferred,
    status text not null default 'active' check (status in ('active', 'inactive', 'blocked')),
    vat_id text not null default '',
    tax_number text not null default '',
    industry text not null default '',
    website text not null default '',
    email text not null default '',
    phone text not null default '',
    payment_terms_id uuid references payment_terms (id) deferrable initially deferred,
    price_list_id uuid references price_list (id) deferrable initially deferred,
    discount bigint not null default 0,
    language text not null default 'de' check (language in ('de', 'en')),
    owner_id uuid references "user" (id) deferrable initially deferred,
    territory_id uuid references territory (id) deferrable initially deferred,
    parent_id uuid references customer (id) deferrable initially deferred,
    notes text not null default ''
);

create table address (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    customer_id uuid not null references customer (id) deferrable initially deferred,
    kind text not null default 'billing' check (kind in ('billing', 'delivery', 'site')),
    label text not null default '',
    street text not null default '',
    house_number text not null default '',
    postal_code text not null default '',
    city text not null default '',
    state text not null default '',
    country text not null default 'DE',
    latitude bigint,
    longitude bigint,
    is_default boolean not null default false
);

create table contact (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    customer_id uuid not null references customer (id) deferrable initially deferred,
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
    birthday date,
    notes text not null default '',
    is_primary boolean not null default false,
    marketing_consent_at timestamptz
);

create table customer_tag (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    customer_id uuid not null references customer (id) deferrable initially deferred,
    tag_id uuid not null references tag (id) deferrable initially deferred
);
