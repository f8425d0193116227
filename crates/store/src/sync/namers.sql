-- Columns that name a record of a table and may name none.
select list.name, key."from"
from pragma_table_list as list
join pragma_foreign_key_list(list.name) as key
join pragma_table_info(list.name) as info on info.name = key."from"
where list.schema = 'main' and key."table" = ? and info."notnull" = 0
