-- Whoever gives or ends tokens of an account holds it: what the next statement sees stands.
select id from account
where id = (select account_id from token where hash = $1)
for no key update
