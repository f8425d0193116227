-- After a restore: the version that the backup had of each record. Of what laptops offer, that and
-- older ones are known.
create table if not exists backup_record (
    entity text not null,
    id uuid not null,
    version bigint not null,
    primary key (entity, id)
);
