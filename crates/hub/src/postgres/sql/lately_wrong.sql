select count(*) from audit where event = 'sign-in-wrong' and detail in ($1, $2)
and at > now() - interval '15 minutes'
