update account set
    password = coalesce($2::text, password),
    role = coalesce($3::text, role),
    disabled_at = case
        when $4::boolean is null then disabled_at
        when $4::boolean then coalesce(disabled_at, now())
    end
where email = $1
returning id, user_id
