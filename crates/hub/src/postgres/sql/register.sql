insert into device (id, account_id, name, approved_at)
values ($1, $2, $3, case when $4 then now() end)
on conflict (id) do update set seen_at = now()
where device.account_id = excluded.account_id
returning xmax = 0 as is_new, approved_at is not null as is_approved
