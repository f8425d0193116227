-- What is newer than any backup: whom an administrator kept out, what revoked laptops handed over,
-- which numbers and versions were given, and which lives there were. A database that is empty, or older than these tables, has none.
do $$
declare
    kept record;
begin
    for kept in
        select * from (values
            ('kept_changeset', 'true'),
            ('device', 'revoked_at is not null'),
            ('account', 'disabled_at is not null'),
            ('number_range', 'true'),
            ('version', 'true'),
            ('hub', 'true')
        ) as kept (name, condition)
        where to_regclass('public.' || name) is not null
    loop
        execute format(
            'create table if not exists kontor_restoring.%I as select * from public.%I where %s',
            kept.name, kept.name, kept.condition
        );
    end loop;
end
$$
