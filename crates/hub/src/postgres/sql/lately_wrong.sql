select count(*) from audit where event = 'sign-in-wrong' and detail = $1
and at > now() - interval '15 minutes'
