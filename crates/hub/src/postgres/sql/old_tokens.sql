-- An access token that ran out is nobody's. With a refresh token that ran out a laptop that is revoked
-- later still hands over what it has: the last one of a laptop is kept for a year more.
delete from token where ctid = any (array(
    select ctid from token
    where expires_at < now() - make_interval(days => 1 + $2::integer)
        and (
            kind = 'access'
            or expires_at < now() - interval '1 year'
            or (used_at is not null and expires_at < now() - interval '30 days')
        )
    limit $1
))
