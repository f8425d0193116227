select
    seq,
    number || ' ' || name,
    description || ' ' || article_group,
    '',
    ''
from article
where deleted_at is null
