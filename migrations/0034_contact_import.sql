-- Files of contacts that are being taken in.
--
-- A file is taken whole or not at all. While it is read, what may be taken is put aside here, sealed, and nothing else
-- is written. When its last line was checked, one transaction decides (`taking`): from there on what was put aside
-- becomes contacts, batch after batch, and a process that dies in between is followed by another that goes on.

create table contact_import (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- reading → taking → done; or refused (lines are bad), or abandoned (its sender or its process went away while it was
  -- read): nothing was taken then
  state text not null default 'reading' check (state in ('reading', 'taking', 'done', 'refused', 'abandoned')),
  -- says what would come of it, and leaves no row behind
  is_dry_run boolean not null default false,
  -- as in audit
  actor text not null,
  request_id text,
  -- until then somebody works on it; later, whoever finds it
  busy_until timestamptz not null,
  -- lines that were read, and those of them that cannot be taken
  lines integer not null default 0,
  bad_lines integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  -- lines that were good when they were read and are of two contacts since
  skipped integer not null default 0,
  began_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (id, tenant_id)
);
create index contact_import_list on contact_import (tenant_id, began_at desc, id desc);
-- One at a time: two files with the same people would each make them.
create unique index contact_import_one on contact_import (tenant_id) where state in ('reading', 'taking') and not is_dry_run;
create index contact_import_left on contact_import (busy_until) where state in ('reading', 'taking');

-- Lines that are put aside, at most 500 in a row.
create table contact_import_batch (
  tenant_id uuid not null,
  id uuid not null,
  import_id uuid not null,
  position integer not null,
  -- AES-256-GCM envelope of ImportedContact[]
  contacts bytea not null,
  primary key (id, tenant_id),
  foreign key (import_id, tenant_id) references contact_import (id, tenant_id) on delete cascade
);
create unique index contact_import_batch_position on contact_import_batch (import_id, position);

do $$
declare name text;
begin
  foreach name in array array['contact_import', 'contact_import_batch'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on contact_import to pregonero_app;
grant select, insert, delete on contact_import_batch to pregonero_app;

-- Which one is left behind is routing.
create policy routing on contact_import for select to pregonero_dispatcher using (true);
grant select (tenant_id, id, state, busy_until) on contact_import to pregonero_dispatcher;

-- Envelopes are sealed anew under another key (0020_key_rotation.sql).
create policy rotation_reads on contact_import_batch for select to pregonero_rekeyer using (true);
create policy rotation on contact_import_batch for update to pregonero_rekeyer using (true) with check (true);
grant select (id, tenant_id, contacts), update (contacts) on contact_import_batch to pregonero_rekeyer;
