-- The newsroom: which editions of a source are expected, and what became of each.
-- tenant_id null: of a public source, written by pregonero_curator for who operates the installation, read by all.
-- tenant_id set: of a tenant's own source, seen by that tenant only.

create table source_collection (
  tenant_id uuid references tenant (id),
  source_id uuid primary key references source (id),
  -- CollectionSettings
  settings jsonb not null,
  -- it was added from
  preset text,
  is_paused boolean not null default false,
  pause_reason text,
  -- editions are expected from here on
  since date not null,
  -- days before this one are planned
  planned_until date not null,
  revision integer not null default 1,
  -- the next time at which there is something to do; null while it is paused
  next_look_at timestamptz,
  -- one process at a time collects it; fence grows with each, and refuses what an older one writes
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  -- a person removed it: listed no more, looked for no more; its editions stay
  archived_at timestamptz,
  created_at timestamptz not null
);
create index source_collection_due on source_collection (next_look_at) where next_look_at is not null;

create table edition_expectation (
  tenant_id uuid references tenant (id),
  id uuid primary key,
  source_id uuid not null references source_collection (source_id) on delete cascade,
  published_on date not null,
  state text not null check (state in ('expected', 'collecting', 'collected', 'late', 'missing', 'failed',
    'held-for-review', 'needs-attention', 'corrected', 'not-published')),
  reason_code text,
  reason text,
  attempts integer not null default 0,
  -- one after the other, until now
  failures integer not null default 0,
  expected_at timestamptz not null,
  late_at timestamptz not null,
  closes_at timestamptz not null,
  -- null: nobody tries by itself
  next_attempt_at timestamptz,
  rechecks_left integer not null default 0,
  alerted_at timestamptz,
  -- what it was before it was begun: a process that dies in between leaves `collecting`
  state_before text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (source_id, published_on)
);
create index edition_expectation_due on edition_expectation (source_id, next_attempt_at)
  where next_attempt_at is not null;
create index edition_expectation_unalerted on edition_expectation (source_id, late_at) where alerted_at is null;

create table collected_document (
  tenant_id uuid references tenant (id),
  id uuid primary key,
  expectation_id uuid not null references edition_expectation (id) on delete cascade,
  -- null: a person sent it
  url text,
  document_name text not null,
  state text not null check (state in ('fetched', 'accepted', 'stored', 'held', 'rejected')),
  content_hash text not null,
  file_key text not null,
  byte_count bigint not null,
  etag text,
  last_modified text,
  edition_id uuid references edition (id),
  fetched_at timestamptz not null
);
create unique index collected_document_content on collected_document (expectation_id, document_name, content_hash);
create index collected_document_edition on collected_document (edition_id) where edition_id is not null;

create table collection_attempt (
  tenant_id uuid references tenant (id),
  id uuid primary key,
  expectation_id uuid not null references edition_expectation (id) on delete cascade,
  number integer not null,
  owner text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('collected', 'corrected', 'unchanged', 'absent', 'failed', 'held',
    'layout-changed', 'interrupted')),
  reason_code text,
  reason text,
  step text,
  byte_count bigint not null default 0,
  document_count integer not null default 0,
  -- of a listing that is laid out otherwise: its beginning and a picture of it, in the file store
  page_key text,
  screenshot_key text
);
create index collection_attempt_expectation on collection_attempt (expectation_id, number);

create table expectation_change (
  tenant_id uuid references tenant (id),
  id bigint generated always as identity primary key,
  expectation_id uuid not null references edition_expectation (id) on delete cascade,
  from_state text,
  to_state text not null,
  reason_code text,
  reason text,
  changed_at timestamptz not null
);
create index expectation_change_expectation on expectation_change (expectation_id, id);

create table collection_backfill (
  tenant_id uuid references tenant (id),
  id uuid primary key,
  source_id uuid not null references source_collection (source_id) on delete cascade,
  first_on date not null,
  last_on date not null,
  asked_by text not null,
  asked_at timestamptz not null,
  cancelled_at timestamptz,
  check (first_on <= last_on)
);
create index collection_backfill_source on collection_backfill (source_id, asked_at desc);

do $$
declare name text;
begin
  foreach name in array array['source_collection', 'edition_expectation', 'collected_document', 'collection_attempt',
                              'expectation_change', 'collection_backfill'] loop
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

-- The dispatcher finds the source that is due, whoever's it is, and leases it; counts, for who operates.
create policy routing on source_collection to pregonero_dispatcher using (true) with check (true);
grant select (tenant_id, source_id, next_look_at, lease_owner, lease_until, fence),
  update (next_look_at, lease_owner, lease_until, fence) on source_collection to pregonero_dispatcher;
create policy figures on edition_expectation for select to pregonero_dispatcher using (true);
grant select (tenant_id, state) on edition_expectation to pregonero_dispatcher;

-- What is changed of public sources is audited in the same transaction.
create policy curator on audit for insert to pregonero_curator with check (tenant_id is null);
grant insert on audit to pregonero_curator;
