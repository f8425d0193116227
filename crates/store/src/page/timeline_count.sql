select
    (
        select count(*)
        from communication
        where
            customer_id = :customer_id
            and deleted_at is null
            and (:kinds = '[]' or kind in (select value from json_each(:kinds)))
    )
    + (
        select count(*)
        from quote
        where
            customer_id = :customer_id
            and deleted_at is null
            and (:kinds = '[]' or 'quote' in (select value from json_each(:kinds)))
    )
    + (
        select count(*)
        from opportunity
        where
            customer_id = :customer_id
            and deleted_at is null
            and (:kinds = '[]' or 'opportunity' in (select value from json_each(:kinds)))
    )
    + (
        select count(*)
        from task
        where
            customer_id = :customer_id
            and status = 'done'
            and done_at is not null
            and deleted_at is null
            and (:kinds = '[]' or 'task' in (select value from json_each(:kinds)))
    )
