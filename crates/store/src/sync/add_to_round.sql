update sync_round
set
    sent = sent + :sent,
    received = received + :received,
    conflicts = conflicts + :conflicts,
    rejected = rejected + :rejected,
    mended = mended + :mended
where seq = :seq
