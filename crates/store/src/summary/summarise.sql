insert or replace into customer_summary (
    customer_seq,
    postal_code,
    city,
    last_contact_at,
    open_value
)
select
    customer.seq,
    coalesce(address.postal_code, ''),
    coalesce(address.city, ''),
    (
        select occurred_at
        from communication
        where customer_id = customer.id and deleted_at is null
        order by occurred_at desc
        limit 1
    ),
    coalesce((
        select sum(value)
        from opportunity
        where customer_id = customer.id and status = 'open' and deleted_at is null
    ), 0)
from customer
left join address on address.id = (
    select id
    from address
    where customer_id = customer.id and deleted_at is null
    order by is_default desc, kind
    limit 1
)
