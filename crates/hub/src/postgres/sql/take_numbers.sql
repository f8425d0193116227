insert into number_range (kind, year, next) values ($1, $2, 1 + $4::bigint + $3::bigint)
on conflict (kind, year) do update set next = greatest(number_range.next, 1 + $4) + $3
returning next - $3 as first
