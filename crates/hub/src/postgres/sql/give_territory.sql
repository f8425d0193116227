insert into account_territory (account_id, territory_id)
select $1, id from territory where name = $2 and deleted_at is null limit 1
