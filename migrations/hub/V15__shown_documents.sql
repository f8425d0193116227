-- Content is called by its hash, and who knows a hash need not have the content: a document shows it
-- only once somebody who sees the document brought it, or had it by another document.
--
-- As what V6 makes, this may run again over what a restore left.

create table if not exists shown_document (
    document_id uuid not null,
    sha256 text not null,
    primary key (document_id, sha256)
);
create index if not exists shown_document_sha256 on shown_document (sha256);

-- Content on its way, of each laptop apart: nobody disturbs another one's, or learns of it.
create table if not exists blob_part (
    device_id uuid not null,
    sha256 text not null,
    content bytea not null default '',
    primary key (device_id, sha256)
);
-- What was on its way is sent again from its beginning.
delete from blob where not is_whole;

-- What is there has been shown until now; what the ERP wrote may come before its content.
insert into shown_document (document_id, sha256)
select document.id, document.sha256
from document
join feed on feed.entity = 'document' and feed.id = document.id
where document.sha256 <> ''
    and (feed.device_id is null or document.sha256 in (select sha256 from blob))
on conflict do nothing;

-- The ERP's word is good.
create or replace function show_document() returns trigger language plpgsql as $$
begin
    if coalesce(current_setting('kontor.device', true), '') = '' and new.sha256 <> '' then
        insert into shown_document (document_id, sha256) values (new.id, new.sha256)
        on conflict do nothing;
    end if;
    return null;
end
$$;
drop trigger if exists show_document on document;
create trigger show_document after insert or update of sha256 on document
for each row execute function show_document();
