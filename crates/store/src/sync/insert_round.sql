insert into sync_round (at, sent, received, conflicts, rejected, mended, failure)
values (:at, :sent, :received, :conflicts, :rejected, :mended, :failure)
