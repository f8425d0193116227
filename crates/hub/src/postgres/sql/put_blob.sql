-- Only the part that comes next is taken; any other answers how much is there.
insert into blob (sha256, size, content)
values ($1, $2, case when $3::bigint = 0 then $4 else ''::bytea end)
on conflict (sha256) do update set
    content = case
        when length(blob.content) = $3 and not blob.is_whole then blob.content || $4
        else blob.content
    end
returning
    length(content)::bigint as received,
    is_whole,
    case when length(content) = $2 and not is_whole then content end as complete
