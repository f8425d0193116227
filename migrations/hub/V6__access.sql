-- Who is let in, and what those who are not let in any more had not sent.
--
-- What is made here outlives the restore of a backup that is older, after which this runs again:
-- therefore `if not exists`, and nothing that refers to a table of the backup.

-- The revoked laptop handed over all that it had, and was told to empty itself.
alter table device add column if not exists emptied_at timestamptz;

-- Changes that a revoked laptop could not send. They took no effect: an administrator looks at them.
create table if not exists kept_changeset (
    device_id uuid not null,
    changeset_id uuid not null,
    -- a large one comes in parts
    part bigint not null,
    -- as the laptop logged it
    changeset jsonb not null,
    received_at timestamptz not null default now(),
    primary key (device_id, changeset_id, part)
);

-- A laptop empties itself only for a hub of which it knows a life, be it an earlier one.
alter table hub add column if not exists former_epochs uuid[] not null default '{}';

create index if not exists audit_at on audit (at);
