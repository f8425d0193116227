with known as (
    select token.*, revoked_at is not null as is_revoked from token
    join account on account.id = token.account_id
    join device on device.id = token.device_id
    where hash = $1 and kind = $2 and expires_at > now()
        and disabled_at is null
    for update of token
), used as (
    update token set used_at = coalesce(token.used_at, now()) from known
    where token.hash = known.hash and known.kind = 'refresh'
)
select family, account_id, device_id, used_at is not null as used, is_revoked from known
