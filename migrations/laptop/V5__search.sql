-- Full-text search: one index a kind, row for row with its table, over text that is folded
-- (Müller, Mueller and Muller are one word) before it comes here.

create virtual table search_customer using fts5 (
    title,
    detail,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);
create virtual table search_contact using fts5 (
    title,
    detail,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);
create virtual table search_opportunity using fts5 (
    title,
    detail,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);
create virtual table search_quote using fts5 (
    title,
    detail,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);
create virtual table search_article using fts5 (
    title,
    detail,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);
create virtual table search_communication using fts5 (
    title,
    detail,
    content = '',
    contentless_delete = 1,
    detail = 'column',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);
