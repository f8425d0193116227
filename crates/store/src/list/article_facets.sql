select
    article.seq,
    case when article.deleted_at is null then 1 else 2 end,
    article.is_active,
    article.article_group
from article
