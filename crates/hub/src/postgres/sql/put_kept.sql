insert into kept_changeset (device_id, changeset_id, part, changeset) values ($1, $2, $3, $4)
on conflict do nothing
