-- Noted if neither the address nor the source has had its share; the caller holds the attempts.
with lately as (
    select
        count(*) filter (where who = $2) as of_who,
        count(*) filter (where source = $3 and $3 <> '') as of_source
    from attempt
    where at > now() - interval '15 minutes' and (who = $2 or source = $3)
)
insert into attempt (id, who, source)
select $1, $2, $3 from lately where of_who < $4 and of_source < $5
