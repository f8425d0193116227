-- Settings called `secret.…` are left out of backups: whoever restores one signs in again.

insert into schema_compat (version, min_reader) values (7, 6);

update local_setting set name = 'secret.tokens' where name = 'sync.tokens';
