-- Transaction numbers of the old cluster mean nothing here, and cursors of the old life are not
-- read: every record stands at the feed's beginning.
update hub set
    epoch = $1,
    former_epochs = former_epochs || epoch,
    restored_version = (select last_value from version)
