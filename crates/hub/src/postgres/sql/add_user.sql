insert into "user" (id, created_at, created_by, updated_at, updated_by, name, initials, email)
values ($1, date_trunc('milliseconds', now()), $1, date_trunc('milliseconds', now()), $1, $2, $3, $4)
