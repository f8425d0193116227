-- Once in a quarter of an hour is enough to be seen.
insert into audit (event, account_id, detail)
select 'sign-in-too-many', $1, $2
where not exists (
    select from audit
    where at > now() - interval '15 minutes' and event = 'sign-in-too-many' and detail = $2
)
