delete from audit where ctid = any (array(
    select ctid from audit where at < now() - make_interval(days => $2::integer) limit $1
))
