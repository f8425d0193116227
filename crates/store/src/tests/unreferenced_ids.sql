-- Columns that name another record without a foreign key.
select t.name || '.' || c.name
from pragma_table_list t, pragma_table_info(t.name) c
where
    t.schema = 'main'
    and c.name like '%\_id' escape '\'
    and c.name <> 'vat_id'
    and t.name not in ('change', 'changeset')
    and c.name not in (select "from" from pragma_foreign_key_list(t.name))
