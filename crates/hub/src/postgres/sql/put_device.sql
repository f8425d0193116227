update device set incarnation = $2, hello = $3, next_push = $4, seen_at = now()
where id = $1
