-- What was made once more, taken back, and is done again after all by another changeset.
update rejection
set
    handled_at = ?1,
    made_again = ?2
where
    handled_at is null
    and made_again = (select undoes from changeset where id = ?3)
