-- What laptops read: every record once, in the order of its latest version.

-- One row: this database's life, which ends when a backup is put in its place.
create table hub (
    epoch uuid not null,
    -- signs cursors
    secret bytea not null,
    -- the last version of the life before; what laptops have seen above it is not here
    restored_version bigint not null default 0,
    only_row boolean primary key default true check (only_row)
);

create sequence version;

-- Records that laptops brought back after a restore, with the version of the life before.
create table offered (
    entity text not null,
    id uuid not null,
    version bigint not null,
    primary key (entity, id)
);

create table feed (
    entity text not null,
    id uuid not null,
    version bigint not null,
    -- The transaction that made it. A page ends below the oldest that still runs: a plain sequence
    -- would lose what a slower one commits later under a lower number.
    xid xid8 not null,
    -- whose record it is, for the question who sees it
    customer_id uuid,
    owner_id uuid,
    -- the device that made it; none for what was written in the ERP
    device_id uuid,
    primary key (entity, id)
);
create index feed_order on feed (xid, version);
create index feed_customer on feed (customer_id, entity, id);

-- Where a record was before it moved: those who saw it there must drop it.
create table former_place (
    entity text not null,
    id uuid not null,
    version bigint not null,
    xid xid8 not null,
    customer_id uuid,
    territory_id uuid,
    owner_id uuid
);
create index former_place_record on former_place (entity, id, xid, version);

-- Each record's customer by its own columns.
create function customer_of(entity text, fields jsonb) returns uuid language sql stable as $$
    select case entity
        when 'customer' then (fields ->> 'id')::uuid
        when 'quote_line' then
            (select customer_id from quote where id = (fields ->> 'quote_id')::uuid)
        else (fields ->> 'customer_id')::uuid
    end
$$;

-- Whatever writes a record, hub or ERP, puts it at the end of the feed.
create function feed_touch() returns trigger language plpgsql as $$
declare
    customer uuid := customer_of(tg_table_name, to_jsonb(new));
    owner uuid := (to_jsonb(new) ->> 'owner_id')::uuid;
    was feed%rowtype;
begin
    select * into was from feed where entity = tg_table_name and id = new.id;
    if was.customer_id is distinct from customer
        or (customer is null and was.owner_id is distinct from owner) then
        if was.id is not null then
            insert into former_place (entity, id, version, xid, customer_id, owner_id)
            values (
                tg_table_name, new.id, nextval('version'), pg_current_xact_id(),
                was.customer_id, was.owner_id
            );
        end if;
    end if;
    insert into feed (entity, id, version, xid, customer_id, owner_id, device_id)
    values (
        tg_table_name, new.id, nextval('version'), pg_current_xact_id(), customer, owner,
        nullif(current_setting('kontor.device', true), '')::uuid
    )
    on conflict (entity, id) do update set
        version = excluded.version,
        xid = excluded.xid,
        customer_id = excluded.customer_id,
        owner_id = excluded.owner_id,
        device_id = excluded.device_id;
    return null;
end
$$;

-- A customer that changes hands takes along what hangs on it.
create function customer_moved() returns trigger language plpgsql as $$
begin
    if old.territory_id is distinct from new.territory_id
        or old.owner_id is distinct from new.owner_id then
        insert into former_place (entity, id, version, xid, customer_id, territory_id, owner_id)
        values (
            'customer', new.id, nextval('version'), pg_current_xact_id(),
            new.id, old.territory_id, old.owner_id
        );
        update feed set version = nextval('version'), xid = pg_current_xact_id()
        where customer_id = new.id and entity <> 'customer';
        -- Subsidiaries name their parent only to those who see it.
        update feed set version = nextval('version'), xid = pg_current_xact_id()
        where entity = 'customer' and id in (select id from customer where parent_id = new.id);
    end if;
    return null;
end
$$;

-- Rows are marked as deleted, never removed: the feed could not tell.
create function no_delete() returns trigger language plpgsql as $$
begin
    raise exception 'records are marked as deleted (deleted_at), not removed';
end
$$;

do $$
declare
    entity text;
begin
    foreach entity in array array[
        'user', 'territory', 'setting', 'category', 'tag', 'payment_terms', 'price_list',
        'customer', 'address', 'contact', 'customer_tag', 'unit', 'tax', 'article', 'price',
        'opportunity', 'document', 'quote', 'quote_line', 'communication', 'task', 'appointment',
        'conflict'
    ] loop
        execute format(
            'create trigger feed_touch after insert or update on %I
             for each row execute function feed_touch()', entity);
        execute format(
            'create trigger no_delete before delete on %I
             for each row execute function no_delete()', entity);
    end loop;
end
$$;
create trigger moved after update on customer for each row execute function customer_moved();
