-- Outgoing webhooks: events of a tenant, posted to the tenant's own programs.

create table webhook_endpoint (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- AES-256-GCM envelopes; an address may hold a key
  url bytea not null,
  secret bytea not null,
  -- signs besides the other until its time, so that a rotation breaks nothing
  previous_secret bytea,
  previous_secret_until timestamptz,
  kinds text[] not null,
  state text not null default 'active' check (state in ('active', 'disabled')),
  -- by-person, gone, failing
  disabled_reason text,
  -- the first failure since the last success
  failing_since timestamptz,
  last_success_at timestamptz,
  -- of the event log: what follows it has no deliveries yet
  position bigint not null,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create index webhook_endpoint_tenant on webhook_endpoint (tenant_id, created_at, id);
create index webhook_endpoint_active on webhook_endpoint (position) where state = 'active';

create table webhook_delivery (
  tenant_id uuid not null,
  -- the webhook-id that the receiver sees, the same at every attempt and replay
  id uuid not null,
  endpoint_id uuid not null,
  -- null: a test
  event_position bigint,
  kind text not null,
  -- ids and states, as in the event
  detail jsonb not null,
  happened_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'cancelled')),
  -- counted before the call; a settlement names the attempt that it is of
  attempts integer not null default 0,
  -- those made before it was last sent again by hand: the schedule begins anew
  attempts_before integer not null default 0,
  -- while an attempt is under way: when it is given up for dead
  next_attempt_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (id, tenant_id),
  foreign key (endpoint_id, tenant_id) references webhook_endpoint (id, tenant_id) on delete cascade
);
create unique index webhook_delivery_event on webhook_delivery (endpoint_id, event_position);
create index webhook_delivery_due on webhook_delivery (endpoint_id, next_attempt_at) where state = 'pending';
create index webhook_delivery_made on webhook_delivery (endpoint_id, created_at, id);

create table webhook_attempt (
  tenant_id uuid not null,
  id bigint generated always as identity,
  delivery_id uuid not null,
  attempt integer not null,
  attempted_at timestamptz not null,
  duration_ms integer not null,
  -- of HTTP; null: there was no answer
  status integer,
  -- code of the error; null: there was none
  error text,
  -- AES-256-GCM envelope of the first bytes of the answer
  response bytea,
  primary key (id, tenant_id),
  foreign key (delivery_id, tenant_id) references webhook_delivery (id, tenant_id) on delete cascade
);
create index webhook_attempt_delivery on webhook_attempt (delivery_id, id);

do $$
declare name text;
begin
  foreach name in array array['webhook_endpoint', 'webhook_delivery', 'webhook_attempt'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on webhook_endpoint, webhook_delivery to pregonero_app;
grant select, insert, delete on webhook_attempt to pregonero_app;

-- The dispatcher makes deliveries of events, and finds those that are due.
create policy routing on webhook_endpoint to pregonero_dispatcher using (true) with check (true);
create policy routing on webhook_delivery to pregonero_dispatcher using (true) with check (true);
grant select (tenant_id, id, kinds, state, failing_since, position), update (position)
  on webhook_endpoint to pregonero_dispatcher;
grant select, insert, delete, update (attempts, next_attempt_at) on webhook_delivery to pregonero_dispatcher;
