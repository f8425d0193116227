select
    at,
    event,
    coalesce(account.email, '') as email,
    coalesce(audit.device_id::text, '') as device_id,
    coalesce(device.name, '') as device,
    detail
from audit
left join account on account.id = audit.account_id
left join device on device.id = audit.device_id
where at >= now() - make_interval(days => $1)
order by at
