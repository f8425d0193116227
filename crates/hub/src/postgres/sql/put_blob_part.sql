-- Only the part that comes next is taken; any other answers how much is there.
insert into blob_part (device_id, sha256, content)
values ($1, $2, case when $4::bigint = 0 then $5 else ''::bytea end)
on conflict (device_id, sha256) do update set
    content = case
        when length(blob_part.content) = $4 then blob_part.content || $5
        else blob_part.content
    end,
    came_at = now()
returning
    length(content)::bigint as received,
    case when length(content) = $3::bigint then content end as complete
