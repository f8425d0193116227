-- Who is let in, and what those who are not let in any more had not sent.

-- The revoked laptop handed over all that it had, and was told to empty itself.
alter table device add column emptied_at timestamptz;

-- Changes that a revoked laptop could not send. They took no effect: an administrator looks at them.
create table kept_changeset (
    device_id uuid not null references device (id),
    changeset_id uuid not null,
    -- a large one comes in parts
    part bigint not null,
    -- as the laptop logged it
    changeset jsonb not null,
    received_at timestamptz not null default now(),
    primary key (device_id, changeset_id, part)
);

-- A laptop empties itself only for a hub whose life it knows, if it is an earlier one.
alter table hub add column former_epochs uuid[] not null default '{}';

create index audit_at on audit (at);
