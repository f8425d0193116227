select distinct article.seq
from change
cross join article on article.id = change.record_id
where change.seq > :after and change.entity = 'article'
