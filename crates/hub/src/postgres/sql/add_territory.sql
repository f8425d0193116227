insert into territory (id, created_at, created_by, updated_at, updated_by, name)
select $1, date_trunc('milliseconds', now()), $2, date_trunc('milliseconds', now()), $2, $3
where not exists (select 1 from territory where name = $3 and deleted_at is null)
