-- Whom and what a task is about, and whose it is.
select
    coalesce((select name from customer where id = :customer_id), '') as customer,
    coalesce(
        (select name from opportunity where id = :opportunity_id),
        (select number from quote where id = :quote_id),
        ''
    ) as subject_of,
    coalesce((select initials from user where id = :owner_id), '') as owner
