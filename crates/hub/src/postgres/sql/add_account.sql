insert into account (id, email, password, name, role, user_id)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing
