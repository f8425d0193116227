with known as (
    select token.*, revoked_at is not null as is_revoked, approved_at is null as is_waiting
    from token
    join account on account.id = token.account_id
    join device on device.id = token.device_id
    where hash = $1 and kind = 'refresh'
        -- A laptop that was revoked long ago may still hand over what it has, and nothing else.
        and (expires_at > now() or revoked_at is not null)
        and (disabled_at is null or revoked_at is not null)
    for update of token
), used as (
    update token set used_at = coalesce(token.used_at, now()) from known
    where token.hash = known.hash
)
select family, account_id, device_id, used_at is not null as used, is_revoked, is_waiting
from known
