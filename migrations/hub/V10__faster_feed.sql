-- What laptops send and read is looked up and put into the feed by sets, not record by record.

-- Numbers are looked up at every new record; parents and revisions at every move.
create index if not exists customer_number on customer (number);
create index if not exists article_number on article (number);
create index if not exists opportunity_number on opportunity (number);
create index if not exists quote_number on quote (number);
create index if not exists setting_name on setting (name);
create index if not exists customer_parent on customer (parent_id) where parent_id is not null;
create index if not exists quote_revises on quote (revises_id) where revises_id is not null;

-- Each table's own trigger functions, once for all rows of a statement: their plans are kept, and
-- they read columns instead of JSON.
do $$
declare
    entity text;
    customer text;
    owner text;
    has_column constant text :=
        'select exists (select from pg_attribute
            where attrelid = $1::regclass and attname = $2 and not attisdropped)';
    found boolean;
begin
    foreach entity in array array[
        'user', 'territory', 'setting', 'category', 'tag', 'payment_terms', 'price_list',
        'customer', 'address', 'contact', 'customer_tag', 'unit', 'tax', 'article', 'price',
        'opportunity', 'document', 'quote', 'quote_line', 'communication', 'task', 'appointment',
        'conflict'
    ] loop
        execute has_column into found using format('%I', entity), 'customer_id';
        customer := case
            when entity = 'customer' then 'written.id'
            when entity = 'quote_line' then
                '(select quote.customer_id from quote where quote.id = written.quote_id)'
            when found then 'written.customer_id'
            else 'null::uuid'
        end;
        execute has_column into found using format('%I', entity), 'owner_id';
        owner := case when found then 'written.owner_id' else 'null::uuid' end;
        execute format('drop trigger if exists feed_touch on %I', entity);
        execute format('drop trigger if exists feed_touch_insert on %I', entity);
        execute format('drop trigger if exists feed_touch_update on %I', entity);
        execute format($sql$
            create or replace function %1$I() returns trigger language plpgsql as $body$
            begin
                if tg_op = 'UPDATE' then
                    insert into former_place (entity, id, version, xid, customer_id, owner_id)
                    select %2$L, was.id, nextval('version'), pg_current_xact_id(),
                        was.customer_id, was.owner_id
                    from written
                    join feed as was on was.entity = %2$L and was.id = written.id
                    where was.customer_id is distinct from %3$s
                        or (was.customer_id is null and was.owner_id is distinct from %4$s);
                end if;
                insert into feed (entity, id, version, xid, customer_id, owner_id, device_id)
                select %2$L, written.id, nextval('version'), pg_current_xact_id(), %3$s, %4$s,
                    nullif(current_setting('kontor.device', true), '')::uuid
                from written
                on conflict (entity, id) do update set
                    version = excluded.version,
                    xid = excluded.xid,
                    customer_id = excluded.customer_id,
                    owner_id = excluded.owner_id,
                    device_id = excluded.device_id;
                return null;
            end
            $body$
        $sql$, 'feed_touch_' || entity, entity, customer, owner);
        execute format(
            'create trigger feed_touch_insert after insert on %I referencing new table as written
             for each statement execute function %I()', entity, 'feed_touch_' || entity);
        execute format(
            'create trigger feed_touch_update after update on %I referencing new table as written
             for each statement execute function %I()', entity, 'feed_touch_' || entity);
    end loop;
end
$$;
drop function if exists feed_touch();

-- As before, by sets. It runs behind feed_touch_update: triggers go by their names.
drop trigger if exists moved on customer;
create or replace function customer_moved() returns trigger language plpgsql as $$
begin
    if not exists (
        select from before join written on written.id = before.id
        where before.territory_id is distinct from written.territory_id
            or before.owner_id is distinct from written.owner_id
    ) then
        return null;
    end if;
    insert into former_place (entity, id, version, xid, customer_id, territory_id, owner_id)
    select 'customer', written.id, nextval('version'), pg_current_xact_id(), written.id,
        before.territory_id, before.owner_id
    from before join written on written.id = before.id
    where before.territory_id is distinct from written.territory_id
        or before.owner_id is distinct from written.owner_id;
    update feed set version = nextval('version'), xid = pg_current_xact_id()
    where entity <> 'customer' and customer_id in (
        select written.id from before join written on written.id = before.id
        where before.territory_id is distinct from written.territory_id
            or before.owner_id is distinct from written.owner_id
    );
    -- Subsidiaries name their parent only to those who see it.
    update feed set version = nextval('version'), xid = pg_current_xact_id()
    where entity = 'customer' and id in (
        select customer.id from customer where customer.parent_id in (
            select written.id from before join written on written.id = before.id
            where before.territory_id is distinct from written.territory_id
                or before.owner_id is distinct from written.owner_id
        )
    );
    return null;
end
$$;
create trigger moved after update on customer
referencing old table as before new table as written
for each statement execute function customer_moved();
