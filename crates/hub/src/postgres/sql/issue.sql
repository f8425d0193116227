insert into token (hash, family, account_id, device_id, kind, expires_at, given_for)
values ($1, $2, $3, $4, 'access', now() + interval '30 minutes', $6),
    ($5, $2, $3, $4, 'refresh', now() + interval '60 days', $6)
