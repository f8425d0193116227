insert into outcome (changeset_id, device_id, incarnation, push_no, outcome)
values ($1, $2, $3, $4, $5)
