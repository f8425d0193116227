-- Customers are looked up by what only one of them has.
create index customer_vat_id on customer (vat_id) where vat_id <> '';
create index if not exists customer_number on customer (number);
