-- A device with what its user may see, and what the hub says of itself; nothing is held.
select device.user_id, device.incarnation, device.hello, device.next_push, device.is_revoked,
    device.role, device.territories, hub.epoch, hub.secret
from hub, (
    select account.user_id, account.role, device.incarnation, device.hello, device.next_push,
        device.revoked_at is not null or account.disabled_at is not null as is_revoked,
        array(
            select territory_id from account_territory where account_id = account.id
        ) as territories
    from device join account on account.id = device.account_id
    where device.id = $1
) as device
