-- Read only: every call begins with it, and a lock would make each a write.
select family, token.account_id, token.device_id, false as used,
    device.revoked_at is not null as is_revoked
from token
join account on account.id = token.account_id
join device on device.id = token.device_id
where hash = $1 and kind = $2 and expires_at > now() and account.disabled_at is null
