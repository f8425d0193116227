-- What was set aside before the backup came; then hubs may come in again.
do $$
begin
    if to_regclass('kontor_restoring.kept_changeset') is not null then
        insert into kept_changeset select * from kontor_restoring.kept_changeset
        on conflict do nothing;
    end if;
    if to_regclass('kontor_restoring.account') is not null then
        update account set disabled_at = aside.disabled_at
        from kontor_restoring.account as aside
        where account.id = aside.id and account.disabled_at is null;
    end if;
    if to_regclass('kontor_restoring.device') is not null then
        insert into device (id, account_id, name, incarnation, next_push, approved_at, revoked_at)
        select aside.id, account_id, aside.name, incarnation, next_push, approved_at, revoked_at
        from kontor_restoring.device as aside join account on account.id = account_id
        on conflict (id) do update set revoked_at = coalesce(device.revoked_at, excluded.revoked_at);
    end if;
    if to_regclass('kontor_restoring.number_range') is not null then
        insert into number_range (kind, year, next)
        select kind, year, next from kontor_restoring.number_range
        on conflict (kind, year) do update set next = greatest(number_range.next, excluded.next);
    end if;
    if to_regclass('kontor_restoring.version') is not null then
        perform setval('version', greatest(version.last_value, aside.last_value))
        from version, kontor_restoring.version as aside;
    end if;
    -- Lives that the backup does not know end where it ends.
    if to_regclass('kontor_restoring.hub') is not null then
        update hub set
            former_epochs = former_epochs || lost.epochs,
            former_ends = former_ends || array_fill(restored_version, array[cardinality(lost.epochs)])
        from (
            select coalesce(array_agg(distinct life.epoch::uuid), '{}') as epochs
            from kontor_restoring.hub as aside, hub as known,
                jsonb_array_elements_text(
                    coalesce(to_jsonb(aside) -> 'former_epochs', '[]') || to_jsonb(aside.epoch)
                ) as life (epoch)
            where life.epoch::uuid <> known.epoch
                and life.epoch::uuid <> all (known.former_epochs)
        ) as lost;
    end if;
    drop schema kontor_restoring cascade;
end
$$
