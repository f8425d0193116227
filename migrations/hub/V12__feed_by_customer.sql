-- A laptop that was away for long asks for its customers' entries, not for everybody's.

create index if not exists feed_customer_order on feed (customer_id, xid, version);
drop index if exists feed_customer;
create index if not exists customer_territory on customer (territory_id) where territory_id is not null;
create index if not exists customer_owner on customer (owner_id) where owner_id is not null;
create index if not exists former_place_territory on former_place (territory_id) where territory_id is not null;
create index if not exists former_place_owner on former_place (owner_id) where owner_id is not null;
create index if not exists former_place_customer on former_place (customer_id) where entity <> 'customer';
