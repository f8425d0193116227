select family, token.account_id, token.device_id,
    revoked_at is not null as is_revoked, approved_at is null as is_waiting,
    ended_at is not null as is_ended,
    used_at is not null as is_used,
    -- Its answer may have been lost, while what it was used for was not used.
    used_at > now() - interval '10 minutes'
        and exists (select from token as given where given.given_for = token.hash)
        and not exists (
            select from token as given
            where given.given_for = token.hash and given.used_at is not null
        ) as is_answer_lost,
    exists (
        select from token as other where other.family = token.family and other.ended_at is null
    ) as is_family_alive
from token
join account on account.id = token.account_id
join device on device.id = token.device_id
where hash = $1 and kind = 'refresh'
    -- A laptop that was revoked long ago may still hand over what it has, and nothing else.
    and (revoked_at is not null or (expires_at > now() and disabled_at is null))
