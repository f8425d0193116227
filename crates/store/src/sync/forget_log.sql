-- What the log says of a record, but for what waits for the hub or for its user.
delete from change
where record_id = ?
    and changeset_seq not in (
        select changeset.seq
        from changeset
        left join rejection on rejection.changeset_seq = changeset.seq
        -- so that the index of what is not confirmed is used
        where changeset.push_state <> 'confirmed'
            and (
                changeset.push_state in ('waiting', 'sent')
                or (changeset.push_state = 'rejected' and rejection.handled_at is null)
            )
    )
