-- Everything that is visible, also beyond the horizon.
select entity, id
from feed
where (xid, version) > ($1::text::xid8, $2)
order by xid, version
limit $3
