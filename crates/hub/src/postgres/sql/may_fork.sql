-- A session that has not ended, of a laptop that may sync.
select from device
join account on account.id = device.account_id
where device.id = $2 and revoked_at is null and approved_at is not null and disabled_at is null
    and exists (select from token where family = $1 and ended_at is null)
for share of device
