insert into device (id, account_id, name, approved_at) values ($1, $2, $3, now())
on conflict (id) do update set seen_at = now()
where device.account_id = excluded.account_id and device.revoked_at is null
