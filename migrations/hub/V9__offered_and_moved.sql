-- What a laptop brought back is what later offers of the same record are based on.
alter table offered add column state jsonb not null default '{}';

-- A page asks which customers changed hands since the one before it.
create index former_place_order on former_place (xid, version) where entity = 'customer';
