select
    device.id,
    account.email,
    device.name,
    device.seen_at,
    case
        when emptied_at is not null then 'revoked, emptied'
        when revoked_at is not null then 'revoked'
        when approved_at is null then 'waiting'
        else 'approved'
    end as standing,
    (select count(distinct changeset_id) from kept_changeset where device_id = device.id) as kept
from device
join account on account.id = device.account_id
order by account.email, device.created_at
