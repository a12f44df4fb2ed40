-- The line: tenants, bots, conversations, inbox, outbox, passport. Written for PostgreSQL 15.
--
-- Three roles, none of which owns a table, is a superuser or may bypass row security:
--   pregonero_app         one tenant's rows; the tenant is set per transaction in pregonero.tenant_id
--   pregonero_dispatcher  routing columns of every tenant (who is due, who holds the lease), no content
--   pregonero_curator     writes the public gazettes (tenant_id is null); reads no conversation
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'pregonero_app') then
    create role pregonero_app nologin nosuperuser nobypassrls;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'pregonero_dispatcher') then
    create role pregonero_dispatcher nologin nosuperuser nobypassrls;
  end if;
  if not exists (select 1 from pg_roles where rolname = 'pregonero_curator') then
    create role pregonero_curator nologin nosuperuser nobypassrls;
  end if;
  execute format('grant pregonero_app, pregonero_dispatcher, pregonero_curator to %I', current_user);
end $$;

grant usage on schema public to pregonero_app, pregonero_dispatcher, pregonero_curator;

-- The tenant of this transaction; null when unset, and null equals no tenant_id.
create function current_tenant() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('pregonero.tenant_id', true), '')::uuid $$;

-- Keys hold the tenant, so that no row can point into another tenant, and begin with what tells rows
-- apart: an index that began with the tenant would tempt the planner to read a whole tenant. Two partial
-- ones of what is due do so all the same, for claims that are fair between tenants.

create table tenant (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  created_at timestamptz not null default now()
);

create table bot (
  tenant_id uuid not null references tenant (id),
  id uuid not null unique,
  bot_key text not null unique,
  channel text not null,
  name text not null,
  -- AES-256-GCM envelope of a JSON object; see docs/security/encryption.md
  secrets bytea not null,
  -- HMAC of the network's account id: the same account is not added twice
  account_hash bytea not null unique,
  settings jsonb not null default '{}',
  state text not null default 'active' check (state in ('active', 'needs-auth', 'removed')),
  -- no part is sent by this bot before this time (retry_after of the whole bot)
  paused_until timestamptz,
  -- theoretical arrival time of the next broadcast (GCRA); replies do not move it
  bulk_next_at timestamptz,
  -- which process polls the network for this bot, when there is no webhook
  poll_owner text,
  poll_expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, tenant_id)
);

create table contact (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- AES-256-GCM envelope of {displayName}
  identity bytea,
  created_at timestamptz not null default now(),
  primary key (id, tenant_id)
);

create table contact_alias (
  tenant_id uuid not null,
  channel text not null,
  -- HMAC of the network's id of the person, under the installation's key
  alias_hash bytea not null,
  contact_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (alias_hash, channel, tenant_id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete cascade
);
create index contact_alias_contact on contact_alias (contact_id);

create table conversation (
  tenant_id uuid not null,
  id uuid not null,
  bot_id uuid not null,
  contact_id uuid,
  kind text not null check (kind in ('private', 'group')),
  -- HMAC of the network's chat key; the key itself is encrypted in chat
  chat_hash bytea not null,
  chat bytea not null,
  -- AES-256-GCM envelope of ConversationMemory
  memory bytea,
  is_reachable boolean not null default true,
  -- earliest time at which a pending message may be answered; null when none is pending
  due_at timestamptz,
  -- the lease: lease_token grows with each claim and fences out whoever held it before
  lease_token bigint not null default 0,
  lease_owner text,
  lease_expires_at timestamptz,
  -- owners in a row that let the lease expire: a message that kills its worker is found by this
  lease_crashes integer not null default 0,
  -- theoretical arrival time of the next part in this chat (GCRA)
  send_next_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, tenant_id),
  unique (chat_hash, bot_id, tenant_id),
  foreign key (tenant_id, bot_id) references bot (tenant_id, id),
  foreign key (tenant_id, contact_id) references contact (tenant_id, id) on delete set null (contact_id)
);
-- Claims skip from tenant to tenant and from bot to bot.
create index conversation_due on conversation (tenant_id, bot_id, due_at) where due_at is not null;
create index conversation_contact on conversation (contact_id);

create table inbox (
  tenant_id uuid not null,
  id uuid not null,
  bot_id uuid not null,
  conversation_id uuid not null,
  -- the network's id of the update: the idempotency key
  update_key text not null,
  -- order of arrival; answers of one conversation follow it
  position bigint generated always as identity,
  -- AES-256-GCM envelope of IncomingMessage; null once scrubbed (the key stays, so a replay stays a duplicate)
  message bytea,
  state text not null default 'pending' check (state in ('pending', 'answered', 'dead', 'dropped')),
  attempts integer not null default 0,
  -- edits taken in while the answer was being prepared; each began the turn again
  revision smallint not null default 0,
  not_before timestamptz not null default now(),
  dead_reason text,
  received_at timestamptz not null default now(),
  answered_at timestamptz,
  primary key (id, tenant_id),
  unique (update_key, bot_id, tenant_id),
  foreign key (tenant_id, bot_id) references bot (tenant_id, id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id)
);
create index inbox_pending on inbox (conversation_id, position) where state = 'pending';
create index inbox_conversation on inbox (conversation_id, received_at);
create index inbox_dead on inbox (tenant_id, received_at) where state = 'dead';

create table turn (
  tenant_id uuid not null,
  id bigint generated always as identity,
  conversation_id uuid not null,
  message_id uuid not null,
  speaker text not null check (speaker in ('citizen', 'assistant', 'person')),
  -- AES-256-GCM envelope of {text, citations}
  content bytea not null,
  said_at timestamptz not null,
  primary key (id, tenant_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade,
  foreign key (tenant_id, message_id) references inbox (tenant_id, id) on delete cascade
);
create index turn_conversation on turn (conversation_id, id desc);
create index turn_message on turn (message_id);

create table outbox (
  tenant_id uuid not null,
  id uuid not null,
  bot_id uuid not null,
  conversation_id uuid not null,
  -- the message that it answers; null for a message that a person or a schedule sends
  message_id uuid,
  -- order within the conversation: a part waits until those of its priority, or of a higher one, that come
  -- before it are settled; a broadcast never holds a reply up
  position bigint generated always as identity,
  -- person before reply before broadcast
  priority smallint not null default 1 check (priority in (0, 1, 2)),
  -- AES-256-GCM envelope of the channel's part; null once scrubbed
  part bytea,
  state text not null default 'queued'
    check (state in ('queued', 'attempting', 'sent', 'failed', 'unknown')),
  attempts integer not null default 0,
  not_before timestamptz not null default now(),
  attempted_at timestamptz,
  attempt_owner text,
  network_message_id text,
  reason text,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (id, tenant_id),
  foreign key (tenant_id, bot_id) references bot (tenant_id, id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id),
  foreign key (tenant_id, message_id) references inbox (tenant_id, id) on delete cascade
);
create index outbox_due on outbox (tenant_id, bot_id, priority, not_before)
  where state = 'queued' and priority < 2;
create index outbox_broadcast on outbox (bot_id, not_before, position)
  where state = 'queued' and priority = 2;
create index outbox_unsettled on outbox (conversation_id, priority, position)
  where state in ('queued', 'attempting');
create index outbox_attempting on outbox (attempted_at) where state = 'attempting';
create index outbox_unknown on outbox (settled_at) where state = 'unknown';
create index outbox_message on outbox (message_id);
create index outbox_network on outbox (network_message_id)
  where network_message_id is not null;

create table passport_event (
  tenant_id uuid not null references tenant (id),
  id bigint generated always as identity,
  message_id uuid not null,
  kind text not null,
  detail jsonb not null default '{}',
  happened_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create index passport_event_message on passport_event (message_id, id);

create table audit (
  tenant_id uuid not null references tenant (id),
  id bigint generated always as identity,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  happened_at timestamptz not null default now(),
  primary key (id, tenant_id)
);

create table api_key (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  -- SHA-256 of the key, which is 256 random bits
  key_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (id, tenant_id)
);

-- Row security. FORCE: the owner obeys it too. `is not distinct from` filters as `=` does here (tenant_id is
-- never null), but offers the planner no index condition: rows are found by their own keys, then filtered.
do $$
declare name text;
begin
  foreach name in array array['bot', 'contact', 'contact_alias', 'conversation', 'inbox', 'turn',
                              'outbox', 'passport_event', 'audit', 'api_key'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
alter table tenant enable row level security;
alter table tenant force row level security;
create policy own_tenant on tenant to pregonero_app
  using (id = (select current_tenant())) with check (id = (select current_tenant()));

grant select on tenant to pregonero_app;
grant select, insert, update, delete on bot, contact, contact_alias, conversation, inbox, turn,
  outbox to pregonero_app;
grant select, insert on passport_event, audit to pregonero_app;
grant delete on passport_event to pregonero_app;
grant select, insert, update on api_key to pregonero_app;

-- The dispatcher finds work in every tenant, and sees no content.
create policy routing on tenant to pregonero_dispatcher using (true) with check (true);
create policy routing on bot to pregonero_dispatcher using (true) with check (true);
create policy routing on conversation to pregonero_dispatcher using (true) with check (true);
create policy routing on inbox for select to pregonero_dispatcher using (true);
create policy routing on outbox to pregonero_dispatcher using (true) with check (true);
create policy routing on passport_event for insert to pregonero_dispatcher with check (true);
create policy routing on api_key for select to pregonero_dispatcher using (true);
grant select, insert on tenant to pregonero_dispatcher;
grant select (tenant_id, id, bot_key, channel, state, paused_until, bulk_next_at, updated_at, poll_owner,
              poll_expires_at),
  update (bulk_next_at, poll_owner, poll_expires_at) on bot to pregonero_dispatcher;
grant select (tenant_id, id, bot_id, kind, due_at, send_next_at, lease_token, lease_owner, lease_expires_at,
              lease_crashes),
  update (lease_token, lease_owner, lease_expires_at, lease_crashes, due_at, send_next_at)
  on conversation to pregonero_dispatcher;
grant select (tenant_id, id, bot_id, conversation_id, position, state, not_before, received_at)
  on inbox to pregonero_dispatcher;
grant select (tenant_id, id, bot_id, conversation_id, message_id, position, priority, state, attempts,
              not_before, attempted_at, attempt_owner, settled_at),
  update (state, attempts, not_before, attempted_at, attempt_owner, reason, settled_at)
  on outbox to pregonero_dispatcher;
grant insert on passport_event to pregonero_dispatcher;
grant select (tenant_id, id, key_hash, scopes, revoked_at) on api_key to pregonero_dispatcher;
