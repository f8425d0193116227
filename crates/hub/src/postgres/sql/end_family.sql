update token set ended_at = now() where family = $1 and ended_at is null
