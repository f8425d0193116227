-- Fields of a record that came back after a restore where laptops and people disagree: a person decides.
alter table offered add column if not exists contested text[] not null default '{}';
