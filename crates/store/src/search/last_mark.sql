select term
from search_posting
where
    shelf = ?
    and term >= ?
    and term < ?
order by term desc
limit 1
