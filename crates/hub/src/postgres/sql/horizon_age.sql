select coalesce(max(extract(epoch from clock_timestamp() - xact_start) * 1000), 0)::bigint
from pg_stat_activity where backend_xid is not null and datname = current_database()
