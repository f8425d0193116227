-- With whom and where an appointment is.
select
    coalesce((select name from customer where id = :customer_id), '') as customer,
    coalesce((
        select trim(title || ' ' || first_name || ' ' || last_name)
        from contact
        where id = :contact_id
    ), '') as contact,
    coalesce((
        select street || ' ' || house_number || ', ' || postal_code || ' ' || city
        from address
        where id = :address_id
    ), '') as place,
    coalesce((select city from address where id = :address_id), '') as city
