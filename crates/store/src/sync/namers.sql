-- Columns that name a record and may name none, by the table that they name.
select key."table", list.name, key."from"
from pragma_table_list as list
join pragma_foreign_key_list(list.name) as key
join pragma_table_info(list.name) as info on info.name = key."from"
where list.schema = 'main' and info."notnull" = 0
