insert into offered (entity, id, version, state)
values ($1, $2, $3, $4)
on conflict (entity, id) do update
set version = excluded.version, state = excluded.state
