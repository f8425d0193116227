select name
from pragma_table_list
where
    schema = 'main'
    and type = 'table'
    and not strict
    and name not like 'sqlite_%'
    and name <> 'refinery_schema_history'
