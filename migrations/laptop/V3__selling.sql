-- Selling, and what happened.

insert into schema_compat (version, min_reader) values (3, 3);

create table opportunity (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    number text not null default '',
    customer_id blob not null references customer (id) deferrable initially deferred,
    contact_id blob references contact (id) deferrable initially deferred,
    name text not null default '',
    description text not null default '',
    stage text not null default 'first_meeting' check (stage in ('first_meeting', 'needs_analysis', 'quote', 'negotiation', 'closing')),
    status text not null default 'open' check (status in ('open', 'won', 'lost', 'cancelled')),
    value integer not null default 0,
    currency text not null default 'EUR',
    probability integer not null default 0,
    expected_close text,
    closed_at text,
    owner_id blob references user (id) deferrable initially deferred,
    territory_id blob references territory (id) deferrable initially deferred,
    competitor text not null default '',
    lost_reason text not null default ''
) strict;
-- Not only of living ones: what changed with its customer is looked up by it, too.
create index opportunity_customer on opportunity (customer_id, deleted_at, status, value);
create index opportunity_board on opportunity (status, stage, value, probability) where deleted_at is null;
create index opportunity_closed on opportunity (owner_id, status, closed_at, value) where deleted_at is null;
create index opportunity_pipeline on opportunity (owner_id, status, stage, value) where deleted_at is null;
create index opportunity_name on opportunity (fold(name));
create index opportunity_number on opportunity (number);
create index opportunity_value on opportunity (value);
create index opportunity_expected_close on opportunity (expected_close is null, expected_close);
-- The board's sums, read in one go.
create index opportunity_open on opportunity (value, probability) where status = 'open' and deleted_at is null;
create index opportunity_facets on opportunity (stage, status, owner_id, expected_close, customer_id, deleted_at);

create table document (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    name text not null default '',
    kind text not null default 'file' check (kind in ('file', 'quote_pdf', 'signature', 'logo')),
    media_type text not null default '',
    size integer not null default 0,
    sha256 text not null default '',
    customer_id blob references customer (id) deferrable initially deferred,
    quote_id blob references quote (id) deferrable initially deferred
) strict;
create index document_customer on document (customer_id, created_at);
create index document_quote on document (quote_id) where quote_id is not null;

create table quote (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    number text not null default '',
    revision integer not null default 1,
    revises_id blob references quote (id) deferrable initially deferred,
    opportunity_id blob references opportunity (id) deferrable initially deferred,
    customer_id blob not null references customer (id) deferrable initially deferred,
    contact_id blob references contact (id) deferrable initially deferred,
    billing_address_id blob references address (id) deferrable initially deferred,
    delivery_address_id blob references address (id) deferrable initially deferred,
    subject text not null default '',
    reference text not null default '',
    date text not null,
    valid_until text not null,
    status text not null default 'draft' check (status in ('draft', 'sent', 'accepted', 'rejected', 'expired', 'converted')),
    currency text not null default 'EUR',
    language text not null default 'de' check (language in ('de', 'en')),
    intro_text text not null default '',
    closing_text text not null default '',
    payment_terms_id blob references payment_terms (id) deferrable initially deferred,
    delivery_terms text not null default '',
    price_list_id blob references price_list (id) deferrable initially deferred,
    discount integer not null default 0,
    net_total integer not null default 0,
    tax_total integer not null default 0,
    gross_total integer not null default 0,
    notes text not null default '',
    owner_id blob references user (id) deferrable initially deferred,
    territory_id blob references territory (id) deferrable initially deferred,
    signature_document_id blob references document (id) deferrable initially deferred,
    signed_name text not null default '',
    signed_place text not null default '',
    signed_at text,
    pdf_document_id blob references document (id) deferrable initially deferred,
    sent_at text,
    decided_at text,
    rejected_reason text not null default ''
) strict;
create index quote_customer on quote (customer_id, date);
create index quote_opportunity on quote (opportunity_id) where opportunity_id is not null;
create index quote_number on quote (number, revision);
create index quote_date on quote (date, number);
create index quote_gross_total on quote (gross_total);
create index quote_facets on quote (valid_until, status, owner_id, customer_id, deleted_at);

create table quote_line (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    quote_id blob not null references quote (id) deferrable initially deferred,
    position integer not null default 0,
    kind text not null default 'article' check (kind in ('article', 'text', 'subtotal', 'alternative', 'optional')),
    article_id blob references article (id) deferrable initially deferred,
    article_number text not null default '',
    description text not null default '',
    quantity integer not null default 0,
    unit text not null default '',
    unit_price integer not null default 0,
    discount integer not null default 0,
    tax_id blob references tax (id) deferrable initially deferred,
    tax_rate integer not null default 0,
    tax_kind text not null default 'standard' check (tax_kind in ('standard', 'reduced', 'zero', 'exempt', 'reverse_charge', 'intra_community', 'export', 'small_business')),
    net_total integer not null default 0
) strict;
create index quote_line_quote on quote_line (quote_id, position);

create table communication (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    customer_id blob not null references customer (id) deferrable initially deferred,
    contact_id blob references contact (id) deferrable initially deferred,
    opportunity_id blob references opportunity (id) deferrable initially deferred,
    kind text not null default 'call' check (kind in ('call', 'email', 'meeting', 'visit', 'note')),
    direction text not null default 'out' check (direction in ('in', 'out')),
    subject text not null default '',
    body text not null default '',
    occurred_at text not null,
    duration_minutes integer,
    outcome text not null default ''
) strict;
create index communication_customer on communication (customer_id, occurred_at, kind) where deleted_at is null;
create index communication_opportunity on communication (opportunity_id) where opportunity_id is not null;

create table task (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    subject text not null default '',
    body text not null default '',
    due_at text not null,
    remind_at text,
    priority text not null default 'normal' check (priority in ('low', 'normal', 'high')),
    status text not null default 'open' check (status in ('open', 'done', 'dropped')),
    done_at text,
    owner_id blob not null references user (id) deferrable initially deferred,
    customer_id blob references customer (id) deferrable initially deferred,
    contact_id blob references contact (id) deferrable initially deferred,
    opportunity_id blob references opportunity (id) deferrable initially deferred,
    quote_id blob references quote (id) deferrable initially deferred,
    communication_id blob references communication (id) deferrable initially deferred
) strict;
create index task_due on task (due_at);
create index task_facets on task (status, owner_id, deleted_at);
create index task_overdue on task (owner_id, status, due_at) where deleted_at is null;
create index task_customer on task (customer_id, status) where customer_id is not null;
create index task_communication on task (communication_id) where communication_id is not null;
create index task_opportunity on task (opportunity_id) where opportunity_id is not null;

create table appointment (
    seq integer primary key,
    id blob not null unique check (length(id) = 16),
    created_at text not null,
    created_by blob not null,
    updated_at text not null,
    updated_by blob not null,
    deleted_at text,
    subject text not null default '',
    body text not null default '',
    starts_at text not null,
    ends_at text not null,
    address_id blob references address (id) deferrable initially deferred,
    place text not null default '',
    customer_id blob references customer (id) deferrable initially deferred,
    contact_id blob references contact (id) deferrable initially deferred,
    opportunity_id blob references opportunity (id) deferrable initially deferred,
    owner_id blob not null references user (id) deferrable initially deferred,
    status text not null default 'planned' check (status in ('planned', 'done', 'cancelled')),
    ics_uid text not null default ''
) strict;
create index appointment_starts on appointment (starts_at);
create index appointment_customer on appointment (customer_id) where customer_id is not null;
