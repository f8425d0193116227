-- Versions of the new life begin above all that were ever given, also by lives that neither the backup
-- nor the database that was here knows: their seconds were others.
with ahead as materialized (
    select setval('version', greatest(
        (select last_value from version) + $1::bigint,
        extract(epoch from now())::bigint * $1::bigint
    )) as begins
)
update hub set begins = ahead.begins from ahead
