-- Transaction numbers of the old cluster mean nothing here, and cursors of the old life are not
-- read: every record stands at the feed's beginning.
update hub set
    epoch = $1,
    former_epochs = former_epochs || epoch,
    former_ends = former_ends || ended,
    restored_version = ended
from (select greatest(last_value - $2::bigint, 0) as ended from version) as life
