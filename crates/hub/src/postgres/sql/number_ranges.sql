-- Laptops may have leased the first numbers of this year, or of the next one, since the backup.
insert into number_range (kind, year, next)
select kind, year, 1
from unnest(array['customer', 'opportunity', 'quote']) as kind,
    unnest(array[0, extract(year from now()), extract(year from now()) + 1]) as year
on conflict do nothing
