-- Read only: every call begins with it, and a lock would make each a write.
select family, token.account_id, token.device_id, used_at is null as is_new,
    revoked_at is not null as is_revoked, approved_at is null as is_waiting
from token
join account on account.id = token.account_id
join device on device.id = token.device_id
where hash = $1 and kind = 'access' and expires_at > now()
    -- One that was ended speaks for a laptop that was revoked, and for no other.
    and (revoked_at is not null or (disabled_at is null and ended_at is null))
