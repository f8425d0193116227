-- A company with many laptops: territories with customers, users, devices with tokens. Ids and
-- tokens follow from their numbers; tokens are no secret here.
create function numbered(kind text, no bigint) returns uuid language sql immutable as $$
    select (kind || '-0000-4000-8000-' || lpad(to_hex(no), 12, '0'))::uuid
$$;

insert into "user" (id, created_at, created_by, updated_at, updated_by, name)
select numbered('00000001', no), now(), numbered('00000001', no), now(), numbered('00000001', no),
    'Rep ' || no
from generate_series(0, :users - 1) as no;

insert into territory (id, created_at, created_by, updated_at, updated_by, name)
select numbered('00000002', no), now(), numbered('00000001', 0), now(), numbered('00000001', 0),
    'Gebiet ' || no
from generate_series(0, :territories - 1) as no;

with counted as (select id, row_number() over (order by id) as no from customer)
update customer set owner_id = null, territory_id = numbered('00000002', counted.no % :territories)
from counted where counted.id = customer.id;

insert into account (id, email, password, name, role, user_id)
select numbered('00000003', no), 'rep' || no || '@kontor.example', '', 'Rep ' || no, 'sales_rep',
    numbered('00000001', no)
from generate_series(0, :users - 1) as no;

insert into account_territory (account_id, territory_id)
select numbered('00000003', no), numbered('00000002', no % :territories)
from generate_series(0, :users - 1) as no;

insert into device (id, account_id, name, approved_at)
select numbered('00000004', no), numbered('00000003', no % :users), 'Laptop ' || no, now()
from generate_series(0, :laptops - 1) as no;

insert into token (hash, family, account_id, device_id, kind, expires_at)
select sha256(convert_to('load-' || no, 'UTF8')), numbered('00000004', no),
    numbered('00000003', no % :users), numbered('00000004', no), 'access', now() + interval '1 day'
from generate_series(0, :laptops - 1) as no;

analyze;
