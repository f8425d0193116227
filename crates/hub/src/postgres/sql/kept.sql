select changeset, received_at from kept_changeset
where device_id = $1 order by received_at, changeset ->> 'at', changeset_id, part
