select
    quote.seq,
    quote.number || ' ' || quote.subject,
    replace(quote.number, '-', '') || ' ' || customer.name || ' '
    || coalesce((
        select group_concat(article_number || ' ' || description, ' ')
        from quote_line
        where quote_id = quote.id and deleted_at is null
    ), ''),
    '',
    ''
from quote
join customer on customer.id = quote.customer_id
where quote.deleted_at is null and customer.deleted_at is null
