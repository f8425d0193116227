-- The versions of the present life are above this one. A life that was lost in between, as a backup was
-- put back twice, had others: laptops bring them back.
alter table hub add column if not exists begins bigint not null default 0;
update hub set begins = restored_version + 1000000000
where begins = 0 and cardinality(former_epochs) > 0;
