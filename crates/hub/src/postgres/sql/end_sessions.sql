update token set ended_at = now() where account_id = $1 and ended_at is null
