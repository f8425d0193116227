-- Columns that name another record without a foreign key. What sync notes may be gone from here,
-- or of a kind that this version does not know.
select t.name || '.' || c.name
from pragma_table_list t, pragma_table_info(t.name) c
where
    t.schema = 'main'
    and c.name like '%\_id' escape '\'
    and c.name <> 'vat_id'
    and t.name not in (
        'change', 'changeset', 'synced', 'offered', 'blob_owed', 'kept_aside', 'conflict'
    )
    and c.name not in (select "from" from pragma_foreign_key_list(t.name))
