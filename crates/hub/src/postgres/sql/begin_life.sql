-- Transaction numbers of the old cluster mean nothing here, and cursors of the old life are not
-- read: every record stands at the feed's beginning.
update hub set
    epoch = $1,
    former_epochs = former_epochs || epoch,
    former_ends = former_ends || greatest((select last_value from version) - $2::bigint, 0),
    restored_version = greatest((select last_value from version) - $2::bigint, 0)
