-- As many as all laptops may have leased since: two blocks of 50 each, and a thousand at least.
update number_range set next = next + greatest(1000, 100 * (select count(*) from device))
