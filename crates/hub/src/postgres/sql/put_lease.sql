insert into lease (device_id, incarnation, kind, year, first, last)
values ($1, $2, $3, $4, $5, $6)
