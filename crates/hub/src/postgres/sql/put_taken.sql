-- What became of changesets, and those that took effect.
with kept as (
    insert into changeset (id, device_id, at, user_id, operation, subject, changes)
    select id, $1, at, user_id, operation, subject, changes
    from unnest(
        $6::uuid[], $7::timestamptz[], $8::uuid[], $9::text[], $10::text[], $11::jsonb[]
    ) as taken (id, at, user_id, operation, subject, changes)
    on conflict do nothing
)
insert into outcome (changeset_id, device_id, incarnation, push_no, outcome)
select id, $1, $2, push_no, outcome
from unnest($3::uuid[], $4::bigint[], $5::jsonb[]) as answered (id, push_no, outcome)
