select device.id, user_id, incarnation, hello, next_push, revoked_at is not null as is_revoked
from device join account on account.id = device.account_id
where device.id = $1 for update of device
