with
mine as (
    select status, value, probability, closed_at
    from opportunity
    where customer_id = :customer_id and deleted_at is null
),
last_talk as (
    select occurred_at, kind, created_by
    from communication
    where customer_id = :customer_id and deleted_at is null
    order by occurred_at desc
    limit 1
)
select
    coalesce((
        select sum(value) from mine where status = 'won' and closed_at >= :this_year
    ), 0) as won_this_year,
    coalesce((
        select sum(value)
        from mine
        where status = 'won' and closed_at >= :last_year and closed_at < :this_year
    ), 0) as won_last_year,
    (select count(*) from mine where status = 'open') as open_opportunities,
    coalesce((select sum(value) from mine where status = 'open'), 0) as open_value,
    coalesce((
        select (sum(value * probability) + 50) / 100 from mine where status = 'open'
    ), 0) as weighted_value,
    (
        select count(*)
        from quote
        where customer_id = :customer_id and status = 'sent' and deleted_at is null
    ) as open_quotes,
    coalesce((
        select sum(gross_total)
        from quote
        where customer_id = :customer_id and status = 'sent' and deleted_at is null
    ), 0) as open_quotes_value,
    (select occurred_at from last_talk) as last_contact_at,
    (select kind from last_talk) as last_contact_kind,
    coalesce((
        select user.name from last_talk join user on user.id = last_talk.created_by
    ), '') as last_contact_by,
    (
        select count(*)
        from communication
        where customer_id = :customer_id and deleted_at is null
    ) as communications,
    (
        select count(*) from contact where customer_id = :customer_id and deleted_at is null
    ) as contacts,
    (
        select count(*) from address where customer_id = :customer_id and deleted_at is null
    ) as addresses,
    (select count(*) from mine) as opportunities,
    (
        select count(*) from quote where customer_id = :customer_id and deleted_at is null
    ) as quotes,
    (
        select count(*)
        from document
        where
            customer_id = :customer_id
            and kind in ('file', 'quote_pdf')
            and deleted_at is null
    ) as documents
