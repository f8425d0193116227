-- As the reader, with the device held; what is written from now on is its work.
select account.user_id, account.role, device.incarnation, device.hello, device.next_push,
    device.revoked_at is not null as is_revoked,
    array(
        select territory_id from account_territory where account_id = account.id
    ) as territories,
    hub.epoch, hub.secret,
    set_config('kontor.device', device.id::text, true)
from device
join account on account.id = device.account_id
cross join hub
where device.id = $1
for update of device
