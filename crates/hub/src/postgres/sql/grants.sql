select role, coalesce(array_agg(territory_id)
    filter (where territory_id is not null), '{}') as territories
from account left join account_territory on account_id = account.id
where user_id = $1 group by role
