select
    article.id,
    article.number,
    article.name,
    article.description,
    article.article_group,
    unit.name_de as unit_de,
    unit.name_en as unit_en,
    article.list_price,
    article.tax_id,
    tax.rate as tax_rate,
    tax.kind as tax_kind,
    article.is_active
from article
join unit on unit.id = article.unit_id
join tax on tax.id = article.tax_id
where article.seq = :seq
