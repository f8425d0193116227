-- With whom and where an appointment is: at the chosen address, else at the customer's default
-- one; and the number to call, the contact's before the customer's.
with
    site as (
        select street || ' ' || house_number || ', ' || postal_code || ' ' || city as line, city
        from address
        where
            deleted_at is null
            and (
                id = :address_id
                or (:address_id is null and customer_id = :customer_id)
            )
        order by is_default desc
        limit 1
    ),
    person as (
        select
            trim(title || ' ' || first_name || ' ' || last_name) as name,
            coalesce(nullif(mobile, ''), phone) as phone
        from contact
        where id = :contact_id
    )
select
    coalesce((select name from customer where id = :customer_id), '') as customer,
    coalesce((select name from person), '') as contact,
    coalesce((select line from site), '') as place,
    coalesce((select city from site), '') as city,
    coalesce(
        nullif((select phone from person), ''),
        (select phone from customer where id = :customer_id),
        ''
    ) as phone
