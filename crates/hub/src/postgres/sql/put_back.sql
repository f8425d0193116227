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
    drop schema kontor_restoring cascade;
end
$$
