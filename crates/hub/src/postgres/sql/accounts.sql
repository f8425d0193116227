select
    email,
    name,
    role,
    disabled_at is not null as disabled,
    coalesce((
        select string_agg(territory.name, ', ' order by territory.name)
        from account_territory
        join territory on territory.id = territory_id
        where account_id = account.id
    ), '') as territories
from account
order by email
