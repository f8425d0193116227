-- What was given for a refresh token before, and never arrived.
update token set ended_at = now() where given_for = $1 and ended_at is null
