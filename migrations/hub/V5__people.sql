-- Who may come in, from which devices, and what they sent.

create table account (
    id uuid primary key,
    email text not null unique,
    -- Argon2id, PHC string
    password text not null,
    name text not null,
    role text not null check (role in ('sales_rep', 'sales_manager', 'marketing', 'service', 'administrator', 'read_only')),
    -- the user record that they work as
    user_id uuid not null unique,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
);

create table account_territory (
    account_id uuid not null references account (id),
    territory_id uuid not null references territory (id),
    primary key (account_id, territory_id)
);

create table device (
    id uuid primary key,
    account_id uuid not null references account (id),
    name text not null,
    -- counts the lives of the device's database; a copy comes with an old one
    incarnation bigint not null default 0,
    -- the hello that began this life: asked again, it is answered as before
    hello uuid,
    next_push bigint not null default 1,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    approved_at timestamptz,
    revoked_at timestamptz
);

-- Tokens are kept as SHA-256 only. A refresh token is used once; used again, its family ends.
create table token (
    hash bytea primary key,
    family uuid not null,
    account_id uuid not null references account (id),
    device_id uuid not null references device (id),
    kind text not null check (kind in ('access', 'refresh')),
    expires_at timestamptz not null,
    used_at timestamptz
);
create index token_family on token (family);
create index token_expires on token (expires_at);

-- What became of each changeset that was sent, answered again when it is sent again.
create table outcome (
    changeset_id uuid primary key,
    device_id uuid not null references device (id),
    incarnation bigint not null,
    push_no bigint not null,
    outcome jsonb not null,
    at timestamptz not null default now()
);
create index outcome_device on outcome (device_id, incarnation, push_no);

-- Every changeset that took effect, as it was sent: the audit trail.
create table changeset (
    id uuid primary key,
    at timestamptz not null,
    user_id uuid not null,
    device_id uuid not null,
    operation text not null,
    subject text not null,
    changes jsonb not null,
    received_at timestamptz not null default now()
);

-- Blocks of numbers that devices count from.
create table number_range (
    kind text not null,
    year bigint not null,
    next bigint not null default 1,
    primary key (kind, year)
);
create table lease (
    device_id uuid not null references device (id),
    incarnation bigint not null,
    kind text not null,
    year bigint not null,
    first bigint not null,
    last bigint not null,
    at timestamptz not null default now()
);

create table audit (
    at timestamptz not null default now(),
    account_id uuid,
    device_id uuid,
    event text not null,
    detail text not null default ''
);
create index audit_detail on audit (detail, at) where event = 'sign-in-wrong';

-- Content of documents, once per hash; parts of one that is still coming are not given out.
create table blob (
    sha256 text primary key,
    size bigint not null,
    content bytea not null default '',
    is_whole boolean not null default false
);
create index document_sha256 on document (sha256);
