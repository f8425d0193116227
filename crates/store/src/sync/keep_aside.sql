-- The newest state only.
insert into kept_aside (record_id, entity, version, state)
values (:record, :entity, :version, :state)
on conflict do update set
    entity = excluded.entity,
    version = excluded.version,
    state = excluded.state
where excluded.version >= kept_aside.version
