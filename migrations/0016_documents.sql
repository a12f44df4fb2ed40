-- A tenant's own documents. What is read of one is kept as gazettes are: a document is a source of the tenant's own,
-- each version of it an edition, so that row security, the index and its statistics are the same.

-- A document is no gazette: it is not listed among them, has no newest edition, and no date of publication filters it.
alter table source add column kind text not null default 'gazette' check (kind in ('gazette', 'document'));
alter table source add unique (id, tenant_id);
alter table edition add unique (id, tenant_id);
-- The same bytes may come back as a later version.
drop index edition_content;
create index edition_content on edition (source_id, content_hash);
create unique index edition_current_content on edition (source_id, content_hash) where superseded_by is null;

create table document (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  source_id uuid not null,
  title text not null,
  language text not null check (language in ('es', 'pt', 'en')),
  -- whoever has the address of a page may open it
  is_public boolean not null,
  -- AES-256-GCM envelope of the address that it is fetched from; null: it is uploaded
  url bytea,
  -- when the address was last asked
  checked_at timestamptz,
  revision integer not null default 1,
  created_at timestamptz not null,
  -- what was read of it is gone; its files go next, and the row last
  deleting_at timestamptz,
  primary key (id, tenant_id),
  foreign key (source_id, tenant_id) references source (id, tenant_id)
);
create index document_listed on document (tenant_id, created_at desc, id desc) where deleting_at is null;
create index document_deleting on document (deleting_at) where deleting_at is not null;

create table document_version (
  tenant_id uuid not null,
  id uuid not null,
  document_id uuid not null,
  -- from 1; one that failed keeps its number
  version integer not null,
  state text not null check (state in ('receiving', 'queued', 'fetching', 'reading', 'indexing', 'ready', 'failed')),
  -- what answers: the last that became ready
  is_current boolean not null default false,
  file_name text not null,
  -- of the file store; null: it has no file (yet, or any more)
  file_key text,
  format text check (format in ('pdf', 'docx', 'html', 'markdown', 'text')),
  content_hash text,
  byte_count bigint not null default 0,
  edition_id uuid,
  -- of the step under way: bytes while receiving, pages while reading
  done integer not null default 0,
  total integer,
  problem_code text,
  problem text,
  -- of the answer that it was fetched with
  http_etag text,
  http_last_modified text,
  attempts integer not null default 0,
  lease_owner text,
  lease_until timestamptz,
  created_at timestamptz not null,
  ready_at timestamptz,
  primary key (id, tenant_id),
  unique (document_id, version),
  foreign key (document_id, tenant_id) references document (id, tenant_id) on delete cascade,
  foreign key (edition_id, tenant_id) references edition (id, tenant_id)
);
create unique index document_version_current on document_version (document_id) where is_current;
create index document_version_edition on document_version (edition_id) where edition_id is not null;
create index document_version_due on document_version (created_at)
  where state in ('receiving', 'queued', 'fetching', 'reading', 'indexing');

-- A named group of gazettes and documents: what an assistant answers from.
create table knowledge_set (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  description text not null default '',
  all_gazettes boolean not null,
  -- slugs
  gazettes text[] not null default '{}',
  all_documents boolean not null,
  revision integer not null default 1,
  updated_at timestamptz not null,
  primary key (id, tenant_id)
);
create unique index knowledge_set_name on knowledge_set (tenant_id, name);

create table knowledge_set_document (
  tenant_id uuid not null,
  knowledge_set_id uuid not null,
  document_id uuid not null,
  primary key (knowledge_set_id, document_id),
  foreign key (knowledge_set_id, tenant_id) references knowledge_set (id, tenant_id) on delete cascade,
  foreign key (document_id, tenant_id) references document (id, tenant_id) on delete cascade
);
create index knowledge_set_document_document on knowledge_set_document (document_id);

do $$
declare name text;
begin
  foreach name in array array['document', 'document_version', 'knowledge_set', 'knowledge_set_document'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id = (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app', name);
  end loop;
end $$;

-- The dispatcher finds what is to be read or removed, and whose a public document is; no title, no name, no address.
create policy routing on document for select to pregonero_dispatcher using (true);
create policy routing on document_version to pregonero_dispatcher using (true) with check (true);
grant select (tenant_id, id, is_public, deleting_at) on document to pregonero_dispatcher;
grant select (tenant_id, id, document_id, state, attempts, lease_owner, lease_until, created_at),
  update (attempts, lease_owner, lease_until) on document_version to pregonero_dispatcher;
