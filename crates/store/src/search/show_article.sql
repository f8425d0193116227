select
    id,
    null,
    name,
    number || ' · ' || article_group
from article
where seq = :seq
