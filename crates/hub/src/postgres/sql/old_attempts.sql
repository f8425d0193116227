delete from attempt where ctid = any (array(
    select ctid from attempt
    where at < now() - interval '1 hour' - make_interval(days => $2::integer)
    limit $1
))
