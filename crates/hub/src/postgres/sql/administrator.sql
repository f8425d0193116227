select user_id
from account
where role = 'administrator' and disabled_at is null
order by created_at
limit 1
