-- The other line: sources, editions, pages, acts, passages, and what retrieval needs of them.
-- tenant_id null: public, shared, read-only for tenants; written by pregonero_curator.
-- tenant_id set: a tenant's own documents, seen by that tenant only.

create extension if not exists unaccent;
create extension if not exists vector;

create table source (
  id uuid primary key,
  tenant_id uuid references tenant (id),
  slug text not null,
  name text not null,
  language text not null check (language in ('es', 'pt', 'en')),
  country text not null,
  time_zone text not null,
  created_at timestamptz not null default now()
);
create unique index source_slug on source (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'), slug);

create table edition (
  id uuid primary key,
  tenant_id uuid references tenant (id),
  source_id uuid not null references source (id),
  published_on date not null,
  number text,
  document_name text not null,
  content_hash text not null,
  -- key of the PDF in the file store
  file_key text not null,
  page_count integer not null,
  ocr_page_count integer not null default 0,
  act_count integer not null default 0,
  -- a corrected edition supersedes: the older row stays, marked, and leaves retrieval
  superseded_by uuid references edition (id),
  ingested_at timestamptz not null default now()
);
-- the same bytes of a source are ingested once
create unique index edition_content on edition (source_id, content_hash);
create unique index edition_document on edition (source_id, published_on, document_name)
  where superseded_by is null;
create index edition_date on edition (published_on);

create table page (
  edition_id uuid not null references edition (id) on delete cascade,
  tenant_id uuid references tenant (id),
  page integer not null,
  printed_page text,
  -- size in points, as displayed
  width real not null,
  height real not null,
  origin text not null check (origin in ('text-layer', 'ocr', 'empty')),
  text text not null,
  primary key (edition_id, page)
);

create table act (
  edition_id uuid not null references edition (id) on delete cascade,
  tenant_id uuid references tenant (id),
  position integer not null,
  section text not null default '',
  issuing_body text not null default '',
  title text not null default '',
  page integer not null,
  last_page integer not null,
  primary key (edition_id, position)
);

create table passage (
  id bigint generated always as identity primary key,
  edition_id uuid not null references edition (id) on delete cascade,
  tenant_id uuid references tenant (id),
  position integer not null,
  act_position integer not null,
  heading text not null,
  text text not null,
  page integer not null,
  last_page integer not null,
  printed_page text,
  -- PlacedLine[]: where each line stands, for the highlight
  lines jsonb not null,
  unique (edition_id, position),
  foreign key (edition_id, act_position) references act (edition_id, position) on delete cascade
);

do $$
declare name text;
begin
  foreach name in array array['source', 'edition', 'page', 'act', 'passage'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_or_public on %I for select to pregonero_app
                      using (tenant_id is null or tenant_id = (select current_tenant()))', name);
    execute format('create policy own_insert on %I for insert to pregonero_app
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('create policy own_update on %I for update to pregonero_app
                      using (tenant_id = (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('create policy own_delete on %I for delete to pregonero_app
                      using (tenant_id = (select current_tenant()))', name);
    execute format('create policy public_only on %I to pregonero_curator
                      using (tenant_id is null) with check (tenant_id is null)', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app, pregonero_curator', name);
  end loop;
end $$;
