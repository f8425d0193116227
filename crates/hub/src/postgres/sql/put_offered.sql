insert into offered (entity, id, version, state, contested)
values ($1, $2, $3, $4, $5)
on conflict (entity, id) do update
set version = excluded.version, state = excluded.state, contested = excluded.contested
