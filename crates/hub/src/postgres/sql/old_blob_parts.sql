-- Whoever goes on with one meanwhile keeps it: its row is another one then.
delete from blob_part where ctid = any (array(
    select ctid from blob_part where came_at < now() - make_interval(days => $2::integer) limit $1
))
