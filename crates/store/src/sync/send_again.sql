-- What was made here since there is a hub, and was confirmed. What came before went up with the
-- records themselves.
update changeset
set push_state = 'sent'
where
    push_state = 'confirmed'
    and origin = 'device'
    and at >= :since
    and seq > coalesce(
        (select cast(value as integer) from local_setting where name = 'sync.begin'),
        0
    )
