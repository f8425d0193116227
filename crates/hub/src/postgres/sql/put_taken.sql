-- What became of a changeset, and the changeset.
with kept as (
    insert into changeset (id, device_id, at, user_id, operation, subject, changes)
    values ($1, $2, $6, $7, $8, $9, $10) on conflict do nothing
)
insert into outcome (changeset_id, device_id, incarnation, push_no, outcome)
values ($1, $2, $3, $4, $5)
