-- Who may try the hub, everybody with the password `kontor-demo`. People and territories have the ids
-- that demo data gives them (crates/app/src/demo.rs): sent up, its customers are theirs. What is
-- there already stays.
insert into "user" (id, created_at, created_by, updated_at, updated_by, name, initials, email)
select id, date_trunc('milliseconds', now()), id, date_trunc('milliseconds', now()), id, name, initials, email
from (values
    ('0190dec0-0000-7000-8000-000000000000'::uuid, 'Maren Krüger', 'MK', 'maren@kontor.example'),
    ('0190dec0-0000-7000-8000-000000000001', 'Jonas Weiß', 'JW', 'jonas@kontor.example'),
    ('0190dec0-0000-7000-8000-000000000002', 'Aylin Çelik', 'AÇ', 'aylin@kontor.example'),
    ('0190dec0-0000-7000-8000-000000000003', 'Petra Brandt', 'PB', 'petra@kontor.example')
) as person (id, name, initials, email)
on conflict do nothing;

insert into territory (id, created_at, created_by, updated_at, updated_by, name)
select id, date_trunc('milliseconds', now()), maren, date_trunc('milliseconds', now()), maren, name
from (values
    ('0190de70-0000-7000-8000-000000000001'::uuid, 'Süd-West'),
    ('0190de70-0000-7000-8000-000000000002', 'Bayern'),
    ('0190de70-0000-7000-8000-000000000003', 'West'),
    ('0190de70-0000-7000-8000-000000000004', 'Nord'),
    ('0190de70-0000-7000-8000-000000000005', 'Ost')
) as territory (id, name), (values ('0190dec0-0000-7000-8000-000000000000'::uuid)) as by (maren)
on conflict do nothing;

insert into account (id, email, password, name, role, user_id)
select gen_random_uuid(), email, '$argon2id$v=19$m=19456,t=2,p=1$nuqKXnnIsL6bHdJMHqvzsg$kI2zcNu+FlIY67maPL7BEoKjnqabgRq5keQR8NKi9GE', name, role, id
from "user", (values
    ('maren@kontor.example', 'administrator'),
    ('jonas@kontor.example', 'sales_rep'),
    ('aylin@kontor.example', 'sales_rep'),
    ('petra@kontor.example', 'sales_manager')
) as given (address, role)
where email = address and id::text like '0190dec0-%'
on conflict do nothing;

insert into account_territory (account_id, territory_id)
select account.id, territory.id
from account, territory, (values
    ('jonas@kontor.example', 'Süd-West'),
    ('aylin@kontor.example', 'Nord'),
    ('petra@kontor.example', 'Süd-West'),
    ('petra@kontor.example', 'Bayern')
) as given (address, region)
where email = address and territory.name = region and territory.id::text like '0190de70-%'
on conflict do nothing;
