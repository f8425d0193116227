insert into shown_document (document_id, sha256)
select id, $1 from unnest($2::uuid[]) as shown (id)
on conflict do nothing
