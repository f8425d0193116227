-- Read only: every call begins with it, and a lock would make each a write.
select family, token.account_id, token.device_id, false as used,
    revoked_at is not null as is_revoked, approved_at is null as is_waiting
from token
join account on account.id = token.account_id
join device on device.id = token.device_id
where hash = $1 and kind = 'access' and expires_at > now()
    and (disabled_at is null or revoked_at is not null)
