insert into document (id, created_at, created_by, updated_at, updated_by, name, kind,
    media_type, size, sha256, customer_id)
select gen_random_uuid(), created_at, created_by, updated_at, updated_by, name, kind,
    media_type, size, 'e0', 'CUSTOMER' from document limit 1
