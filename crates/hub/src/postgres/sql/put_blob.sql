insert into blob (sha256, size, content, is_whole)
values ($1, $2, $3, true)
on conflict (sha256) do update set
    size = excluded.size,
    content = excluded.content,
    is_whole = true
where not blob.is_whole
