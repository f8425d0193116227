insert into changeset (id, at, user_id, device_id, operation, subject, changes)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
