-- Operating an installation: what is paused, what is shed, who attacks, what the platform tells its tenants.
--
-- The registrar writes what concerns the installation, and audits it in the same transaction; the dispatcher reads
-- what stops at the claim; a tenant sees what concerns itself.

-- What stops at the claim. Accepting goes on: nothing is lost, and what waited goes on in its order. A null means
-- all: a row without tenant, bot and channel pauses the installation.
create table pause (
  tenant_id uuid references tenant (id) on delete cascade,
  id uuid primary key,
  bot_id uuid,
  channel text,
  stops_answers boolean not null,
  stops_sending boolean not null,
  -- set by the platform: the tenant cannot lift it
  is_platforms boolean not null,
  reason text not null,
  actor text not null,
  since timestamptz not null default now(),
  unique nulls not distinct (tenant_id, bot_id, channel, is_platforms),
  check (is_platforms or tenant_id is not null),
  check (stops_answers or stops_sending),
  check (bot_id is null or tenant_id is not null and channel is null),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);

-- Parts of the product that are switched off, for everybody (without tenant) or for one tenant.
create table feature_switch (
  tenant_id uuid references tenant (id) on delete cascade,
  feature text not null check (feature in ('planner', 'models', 'ocr', 'media', 'broadcasts', 'new-conversations')),
  is_off boolean not null,
  reason text not null,
  actor text not null,
  since timestamptz not null default now(),
  unique nulls not distinct (feature, tenant_id),
  -- a tenant can do without, and cannot escape what is shed
  check (tenant_id is null or is_off)
);

-- How much is shed. One row.
create table shedding (
  is_only boolean primary key default true check (is_only),
  -- automatic: `level` follows the thresholds
  is_automatic boolean not null default false,
  level smallint not null default 0 check (level between 0 and 3),
  -- what the thresholds say, whoever decides
  pressure smallint not null default 0 check (pressure between 0 and 3),
  -- what each level begins at: [{"waitSeconds": …, "waiting": …}, …] for the levels 1 to 3
  thresholds jsonb not null,
  reason text not null,
  actor text not null,
  since timestamptz not null default now(),
  -- since when less was enough than `level`: it falls when that lasts
  calm_since timestamptz
);
insert into shedding (thresholds, reason, actor) values (
  '[{"waitSeconds": 15, "waiting": 500}, {"waitSeconds": 45, "waiting": 2000}, {"waitSeconds": 120, "waiting": 10000}]',
  'as installed', 'migration');

-- Models that a person told to leave alone (`until`), or to try again whatever was learned before `at`.
create table breaker_order (
  model text primary key,
  until timestamptz,
  reason text not null,
  actor text not null,
  at timestamptz not null default now()
);

-- What looked like an attack, counted by minute, kind, source and subject, so that a flood costs rows by the minute.
create table security_event (
  -- null: it concerns no tenant, or none that is known. No foreign key: what is counted may outlive its tenant
  tenant_id uuid,
  id uuid primary key,
  kind text not null,
  minute timestamptz not null,
  -- HMAC of the source
  source_hash bytea not null,
  -- AES-256-GCM envelope of the source: an address, or the id of a key, person or conversation
  source bytea not null,
  -- a route, or an id: no text of anybody
  subject text not null,
  count integer not null check (count > 0),
  first_at timestamptz not null,
  last_at timestamptz not null,
  unique nulls not distinct (minute, kind, source_hash, subject, tenant_id)
);
create index security_event_minute on security_event (minute desc, id desc);
create index security_event_tenant on security_event (tenant_id, minute desc, id desc);
create index security_event_kind on security_event (kind, minute desc, id desc);
create index security_event_source on security_event (source_hash, minute desc, id desc);

-- What the platform tells its tenants' people.
create table announcement (
  id uuid primary key,
  -- {"es": {"title": …, "body": …}, …}
  texts jsonb not null,
  severity text not null check (severity in ('info', 'warning', 'critical')),
  shown_from timestamptz not null,
  shown_until timestamptz,
  -- false: those in announcement_tenant
  is_for_all boolean not null,
  revision integer not null default 1,
  actor text not null,
  created_at timestamptz not null default now(),
  withdrawn_at timestamptz
);
create table announcement_tenant (
  tenant_id uuid not null references tenant (id) on delete cascade,
  announcement_id uuid not null references announcement (id) on delete cascade,
  primary key (announcement_id, tenant_id)
);
create table announcement_reading (
  announcement_id uuid not null references announcement (id) on delete cascade,
  person_id uuid not null references person (id) on delete cascade,
  read_at timestamptz not null default now(),
  primary key (person_id, announcement_id)
);

-- Why a person let a dead letter be. Until then it waits for one.
alter table inbox add column skip_reason text;
alter table outbox add column skip_reason text;
create index outbox_given_up on outbox (tenant_id, id desc)
  where state in ('failed', 'unknown') and skip_reason is null;

-- The audit is read from its newest row back, by whatever is known of the one that is looked for.
create index audit_tenant on audit (tenant_id, id desc);
create index audit_actor on audit (actor, id desc);
create index audit_action on audit (action, id desc);
create index audit_subject on audit (subject, id desc);
create index audit_request on audit ((detail ->> 'requestId')) where detail ? 'requestId';
create index audit_time on audit (happened_at);

do $$
declare name text;
begin
  foreach name in array array['pause', 'feature_switch', 'shedding', 'breaker_order', 'security_event', 'announcement',
                              'announcement_tenant', 'announcement_reading'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy registrar on %I to pregonero_registrar using (true) with check (true)', name);
  end loop;
  foreach name in array array['pause', 'feature_switch', 'security_event', 'announcement_tenant'] loop
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id = (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
create policy routing on pause for select to pregonero_dispatcher using (true);

grant select, insert, update, delete on pause, feature_switch, breaker_order, security_event, announcement, announcement_tenant,
  announcement_reading to pregonero_registrar;
grant select, update on shedding to pregonero_registrar;
grant select on pause, feature_switch, security_event, announcement_tenant to pregonero_app;
grant select on pause to pregonero_dispatcher;
grant select (dead_reason, skip_reason) on inbox to pregonero_dispatcher;
grant select (reason, skip_reason, created_at) on outbox to pregonero_dispatcher;
-- How the providers do, over all tenants: no cost, no person.
grant select (model, outcome, first_token_ms, called_on, settled_at) on model_call to pregonero_dispatcher;
