-- When something of a document came last: what nobody goes on with is removed.
alter table blob_part add column if not exists came_at timestamptz not null default now();
