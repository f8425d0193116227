-- What we sell, at which price.

insert into schema_compat (version, min_reader) values (2, 2);

create table unit (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    code text not null default '',
    name_de text not null default '',
    name_en text not null default ''
) strict;

create table tax (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    rate integer not null default 0,
    kind text not null default 'standard' check (kind in ('standard', 'reduced', 'zero', 'exempt', 'reverse_charge', 'intra_community', 'export', 'small_business')),
    note_de text not null default '',
    note_en text not null default ''
) strict;

create table article (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    number text not null default '',
    name text not null default '',
    name_en text not null default '',
    description text not null default '',
    article_group text not null default '',
    unit_id blob not null references unit (id) deferrable initially deferred,
    list_price integer not null default 0,
    tax_id blob not null references tax (id) deferrable initially deferred,
    is_active integer not null default 1 check (is_active in (0, 1))
) strict;
create index article_number on article (number);
create index article_name on article (fold(name));
create index article_group on article (fold(article_group), number);
create index article_list_price on article (list_price);

create table price (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    article_id blob not null references article (id) deferrable initially deferred,
    price_list_id blob references price_list (id) deferrable initially deferred,
    customer_id blob references customer (id) deferrable initially deferred,
    from_quantity integer not null default 0,
    unit_price integer not null default 0,
    valid_from text,
    valid_until text
) strict;
create index price_article on price (article_id);
create index price_customer on price (customer_id) where customer_id is not null;
