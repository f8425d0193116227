-- Everything that happened with a customer in one stream. Each part reads only as many rows
-- as the page can show: the newest :limit + :offset of it.
with
talk as (
    select
        kind,
        id,
        occurred_at as at,
        subject,
        body,
        outcome as status,
        null as amount,
        contact_id,
        created_by,
        duration_minutes
    from communication
    where
        customer_id = :customer_id
        and deleted_at is null
        and (:kinds = '[]' or kind in (select value from json_each(:kinds)))
    order by occurred_at desc
    limit :limit + :offset
),
offer as (
    select
        'quote' as kind,
        id,
        coalesce(decided_at, sent_at, created_at) as at,
        number || case when revision > 1 then ' Rev. ' || revision else '' end
        || case when subject <> '' then ' · ' || subject else '' end as subject,
        '' as body,
        status,
        gross_total as amount,
        contact_id,
        created_by,
        null as duration_minutes
    from quote
    where
        customer_id = :customer_id
        and deleted_at is null
        and (:kinds = '[]' or 'quote' in (select value from json_each(:kinds)))
),
chance as (
    select
        'opportunity' as kind,
        id,
        coalesce(closed_at, created_at) as at,
        name as subject,
        '' as body,
        status,
        value as amount,
        contact_id,
        created_by,
        null as duration_minutes
    from opportunity
    where
        customer_id = :customer_id
        and deleted_at is null
        and (:kinds = '[]' or 'opportunity' in (select value from json_each(:kinds)))
),
todo as (
    select
        'task' as kind,
        id,
        done_at as at,
        subject,
        body,
        status,
        null as amount,
        contact_id,
        updated_by as created_by,
        null as duration_minutes
    from task
    where
        customer_id = :customer_id
        and status = 'done'
        and done_at is not null
        and deleted_at is null
        and (:kinds = '[]' or 'task' in (select value from json_each(:kinds)))
),
entry as (
    select * from talk
    union all
    select * from offer
    union all
    select * from chance
    union all
    select * from todo
    order by at desc
    limit :limit offset :offset
)
select
    entry.kind,
    entry.id,
    entry.at,
    entry.subject,
    entry.body,
    entry.status,
    entry.amount,
    coalesce(trim(contact.title || ' ' || contact.first_name || ' ' || contact.last_name), '')
        as contact,
    coalesce(user.initials, '') as by,
    entry.duration_minutes,
    (
        select due_at
        from task
        where communication_id = entry.id and status = 'open' and deleted_at is null
        limit 1
    ) as follow_up_at
from entry
left join contact on contact.id = entry.contact_id
left join user on user.id = entry.created_by
order by entry.at desc
