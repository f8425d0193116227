-- What we sell, at which price. The same records as on the laptop.

create table unit (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    code text not null default '',
    name_de text not null default '',
    name_en text not null default ''
);

create table tax (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    name text not null default '',
    rate bigint not null default 0,
    kind text not null default 'standard' check (kind in ('standard', 'reduced', 'zero', 'exempt', 'reverse_charge', 'intra_community', 'export', 'small_business')),
    note_de text not null default '',
    note_en text not null default ''
);

create table article (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    number text not null default '',
    name text not null default '',
    name_en text not null default '',
    description text not null default '',
    article_group text not null default '',
    unit_id uuid not null references unit (id) deferrable initially deferred,
    list_price bigint not null default 0,
    tax_id uuid not null references tax (id) deferrable initially deferred,
    is_active boolean not null default true
);

create table price (
    id uuid primary key,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    deleted_at timestamptz,
    article_id uuid not null references article (id) deferrable initially deferred,
    price_list_id uuid references price_list (id) deferrable initially deferred,
    customer_id uuid references customer (id) deferrable initially deferred,
    from_quantity bigint not null default 0,
    unit_price bigint not null default 0,
    valid_from date,
    valid_until date
);
