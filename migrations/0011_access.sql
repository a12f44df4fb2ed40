-- Access: keys that expire and are named, tenants that can be suspended, exported and deleted, sign-in by OpenID
-- Connect, prepaid balances with a ledger that is only added to.

-- API keys.
alter table api_key
  add column expires_at timestamptz,
  -- who made it, as the audit names them
  add column created_by text not null default 'command-line',
  -- to the minute
  add column last_used_at timestamptz;
grant select (expires_at) on api_key to pregonero_dispatcher;
create index api_key_made on api_key (created_at, id);

-- Tenants.
alter table tenant
  -- deleting: closed, and gone for good at deletion_due_at; deleted: nothing is left of it but this row and its audit
  add column state text not null default 'active'
    check (state in ('active', 'suspended', 'deleting', 'erasing', 'deleted')),
  add column state_since timestamptz not null default now(),
  add column deletion_due_at timestamptz,
  -- the first speaks where nobody's language is known
  add column languages text[] not null default '{es}' check (cardinality(languages) > 0),
  add column time_zone text not null default 'America/Costa_Rica',
  -- content of conversations is deleted after so many days; null: kept
  add column retention_days integer check (retention_days between 1 and 36500),
  -- grows with each change of the settings
  add column revision integer not null default 1;
grant insert, update on tenant to pregonero_app;
create index tenant_made on tenant (created_at, id);

-- An archive of everything of a tenant, made in the background and kept for a while.
create table tenant_export (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'ready', 'failed', 'expired')),
  -- whoever asked for it, and nobody else, downloads it
  asked_by uuid not null,
  asked_at timestamptz not null default now(),
  -- of the process that writes it: one that says nothing for minutes is gone, and it is begun anew
  heartbeat_at timestamptz,
  finished_at timestamptz,
  expires_at timestamptz,
  bytes bigint,
  -- code of the error
  reason text,
  primary key (id, tenant_id)
);
create index tenant_export_tenant on tenant_export (tenant_id, asked_at, id);
create index tenant_export_open on tenant_export (asked_at) where state in ('queued', 'running', 'ready');

create table tenant_export_chunk (
  tenant_id uuid not null,
  export_id uuid not null,
  position integer not null,
  -- AES-256-GCM envelope of a part of the archive in base64
  content bytea not null,
  primary key (export_id, position, tenant_id),
  foreign key (export_id, tenant_id) references tenant_export (id, tenant_id) on delete cascade
);

-- What retention did of late: one row a tenant, so that a run that was cut off goes on where it stood.
create table retention_run (
  tenant_id uuid primary key references tenant (id),
  -- what is older than this is being deleted
  cutoff timestamptz not null,
  finished_at timestamptz,
  -- rows, by table
  deleted jsonb not null default '{}'
);

-- Sign-in by OpenID Connect ------------------------------------------------------------------------------------------
-- A tenant's own provider; the installation's is in its configuration.
create table identity_provider (
  tenant_id uuid primary key references tenant (id),
  issuer text not null,
  client_id text not null,
  -- AES-256-GCM envelope
  client_secret bytea not null,
  -- addresses of these domains join without an invitation, as domain_role
  domains text[] not null default '{}',
  domain_role text not null default 'viewer' check (domain_role in ('editor', 'agent', 'viewer')),
  revision integer not null default 1,
  updated_at timestamptz not null default now()
);

-- Who a person is at a provider: its own id of them, which it never gives to anybody else.
create table person_identity (
  issuer text not null,
  -- HMAC of the provider's id of the person
  subject_hash bytea not null,
  person_id uuid not null references person (id) on delete cascade,
  linked_at timestamptz not null,
  primary key (issuer, subject_hash)
);
create index person_identity_person on person_identity (person_id);

-- The provider says that it asked for a second factor: ours is not asked for besides.
alter table person_session add column has_outside_factor boolean not null default false;

-- Balance.
alter table account_transaction drop constraint account_transaction_kind_check;
alter table account_transaction
  add constraint account_transaction_kind_check check (kind in ('top-up', 'adjustment', 'model-call')),
  -- the payment's id: booked once, whichever way and however often it is told
  add column reference text,
  add column note text;
create unique index account_transaction_reference on account_transaction (reference) where reference is not null;
create index account_transaction_tenant on account_transaction (tenant_id, id);

create table balance_threshold (
  tenant_id uuid not null references tenant (id),
  threshold_micro_usd bigint not null check (threshold_micro_usd >= 0),
  primary key (threshold_micro_usd, tenant_id)
);

-- One row each time that a balance falls to a threshold, or to zero.
create table balance_notice (
  tenant_id uuid not null references tenant (id),
  id bigint generated always as identity,
  threshold_micro_usd bigint not null,
  balance_micro_usd bigint not null,
  happened_at timestamptz not null default now(),
  -- when the rest of the system was told
  told_at timestamptz,
  primary key (id, tenant_id)
);
create index balance_notice_untold on balance_notice (happened_at) where told_at is null;

-- In the transaction that books: no crossing is missed, and none is told twice.
create function note_balance_crossing() returns trigger
language plpgsql as $$
begin
  insert into balance_notice (tenant_id, threshold_micro_usd, balance_micro_usd)
  select new.tenant_id, t.threshold, new.balance_micro_usd
  from (select threshold_micro_usd as threshold from balance_threshold where tenant_id = new.tenant_id
        union select 0) t
  where old.balance_micro_usd > t.threshold and new.balance_micro_usd <= t.threshold;
  return null;
end $$;
create trigger account_crossing after update of balance_micro_usd on account
  for each row when (new.balance_micro_usd < old.balance_micro_usd) execute function note_balance_crossing();

-- Row security.
do $$
declare name text;
begin
  foreach name in array array['tenant_export', 'tenant_export_chunk', 'retention_run', 'identity_provider',
                              'balance_threshold', 'balance_notice'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id = (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
alter table person_identity enable row level security;
alter table person_identity force row level security;
create policy registrar on person_identity to pregonero_registrar using (true) with check (true);
grant select, insert, update, delete on person_identity to pregonero_registrar;

grant select, insert, update, delete on tenant_export, tenant_export_chunk, retention_run, identity_provider,
  balance_threshold, balance_notice to pregonero_app;

-- The dispatcher finds what is to be done, in every tenant.
create policy routing on tenant_export for select to pregonero_dispatcher using (true);
create policy routing on balance_notice for select to pregonero_dispatcher using (true);
create policy routing on retention_run for select to pregonero_dispatcher using (true);
grant select (tenant_id, id, state, asked_at, heartbeat_at, expires_at) on tenant_export to pregonero_dispatcher;
grant select (tenant_id, id, happened_at, told_at) on balance_notice to pregonero_dispatcher;
grant select (tenant_id, cutoff, finished_at) on retention_run to pregonero_dispatcher;

-- Erasure.
-- A fifth role deletes a tenant's rows, of whatever table, when the tenant is gone; nothing else runs as it. It needs
-- a policy and rights on every table with a tenant_id: this gives them where they are missing, and is called after
-- each migration, so that no table to come can be forgotten. The audit is kept: it is only added to, for everybody.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'pregonero_eraser') then
    create role pregonero_eraser nologin nosuperuser nobypassrls;
  end if;
  execute format('grant pregonero_eraser to %I', current_user);
end $$;
grant usage on schema public to pregonero_eraser;

create function cover_tenant_tables() returns void
language plpgsql as $$
declare name text;
begin
  for name in
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('audit', 'tenant')
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'erasure')
    order by c.relname
  loop
    execute format('create policy erasure on %I to pregonero_eraser
                      using (tenant_id = (select current_tenant())) with check (false)', name);
    execute format('grant select, delete on %I to pregonero_eraser', name);
  end loop;
end $$;
select cover_tenant_tables();
