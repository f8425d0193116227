select article.seq as seq
from article
where
    article.deleted_at is null
    and (:inactive or article.is_active)
    and (:article_group is null or article.article_group = :article_group)
    and (:text is null or article.seq in (
        select rowid from search_article where search_article match :text
    ))
