-- What sync did, newest first.
select
    seq,
    at,
    sent,
    received,
    conflicts,
    rejected,
    mended,
    failure
from sync_round
order by seq desc
