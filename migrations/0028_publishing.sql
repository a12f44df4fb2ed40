-- Publishing: approved texts, posted to a tenant's targets, each once.

create table publishing_target (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  kind text not null
    check (kind in ('x', 'telegram-channel', 'whatsapp-template', 'edition-page', 'email', 'webhook')),
  -- AES-256-GCM envelope of TargetSettings, credentials and addresses included
  settings bytea not null,
  -- of those that post by a bot of the tenant
  bot_id uuid,
  state text not null default 'active' check (state in ('active', 'paused', 'needs-attention')),
  -- one sentence for people, of needs-attention
  attention text,
  -- until then one process works at it, or the network asked for time
  busy_until timestamptz not null default '-infinity',
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);
create index publishing_target_tenant on publishing_target (tenant_id, created_at, id);
create index publishing_target_bot on publishing_target (bot_id) where bot_id is not null;

-- What is approved of a prompt, from this moment on, goes to the target by itself.
create table publishing_link (
  tenant_id uuid not null,
  target_id uuid not null,
  prompt_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (target_id, prompt_id, tenant_id),
  foreign key (target_id, tenant_id) references publishing_target (id, tenant_id) on delete cascade,
  foreign key (prompt_id, tenant_id) references prompt (id, tenant_id) on delete cascade
);
create index publishing_link_prompt on publishing_link (prompt_id);

create table publication (
  tenant_id uuid not null,
  id uuid not null,
  target_id uuid not null,
  run_id uuid not null,
  state text not null default 'scheduled'
    check (state in ('scheduled', 'publishing', 'published', 'unknown', 'failed', 'cancelled')),
  -- code of why it waits, failed or is unknown
  reason text,
  scheduled_for timestamptz not null,
  -- IANA, in which a person chose the time
  time_zone text,
  -- when it is due; while a process works at it: when that is given up for dead
  next_at timestamptz not null,
  -- fencing token: grows with each process that takes it, and when it is taken away from one
  claims integer not null default 0,
  -- refusals since the last post that went
  failures integer not null default 0,
  planned_at timestamptz,
  asked_by text not null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  primary key (id, tenant_id),
  -- a text goes to a target once
  unique (run_id, target_id, tenant_id),
  foreign key (target_id, tenant_id) references publishing_target (id, tenant_id) on delete cascade,
  foreign key (run_id, tenant_id) references prompt_run (id, tenant_id) on delete cascade
);
create index publication_tenant on publication (tenant_id, created_at desc, id desc);
create index publication_target on publication (target_id);
create index publication_due on publication (next_at) where state in ('scheduled', 'publishing');

-- What is posted, one after the other. `attempting` is committed before the call.
create table publication_post (
  tenant_id uuid not null,
  publication_id uuid not null,
  position integer not null,
  state text not null default 'pending'
    check (state in ('pending', 'attempting', 'sent', 'unknown', 'refused')),
  -- AES-256-GCM envelope of PlannedPost: it may name the address that it goes to
  content bytea not null,
  attempts integer not null default 0,
  look_ups integer not null default 0,
  network_id text,
  reason text,
  attempted_at timestamptz,
  primary key (publication_id, position, tenant_id),
  foreign key (publication_id, tenant_id) references publication (id, tenant_id) on delete cascade
);

-- On the pages of which editions it is shown, where its target is those.
create table publication_edition (
  tenant_id uuid not null,
  publication_id uuid not null,
  source_slug text not null,
  published_on date not null,
  primary key (publication_id, source_slug, published_on, tenant_id),
  foreign key (publication_id, tenant_id) references publication (id, tenant_id) on delete cascade
);
create index publication_edition_place on publication_edition (source_slug, published_on);

do $$
declare name text;
begin
  foreach name in array array['publishing_target', 'publishing_link', 'publication', 'publication_post',
                              'publication_edition'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app', name);
  end loop;
end $$;

-- The dispatcher finds what is due, of whom, and on whose editions something is shown.
create policy routing on publishing_target to pregonero_dispatcher using (true) with check (true);
create policy routing on publication to pregonero_dispatcher using (true) with check (true);
create policy routing on publishing_link for select to pregonero_dispatcher using (true);
create policy routing on publication_edition for select to pregonero_dispatcher using (true);
grant select (tenant_id, id, kind, state, busy_until), update (busy_until) on publishing_target to pregonero_dispatcher;
grant select (tenant_id, id, target_id, run_id, state, next_at, claims, published_at), update (state, next_at, claims)
  on publication to pregonero_dispatcher;
grant select (tenant_id, target_id, prompt_id) on publishing_link to pregonero_dispatcher;
grant select on publication_edition to pregonero_dispatcher;

-- Envelopes are sealed anew under another key (0020_key_rotation.sql).
do $$
declare name text;
begin
  foreach name in array array['publishing_target', 'publication_post'] loop
    execute format('create policy rotation_reads on %I for select to pregonero_rekeyer using (true)', name);
    execute format('create policy rotation on %I for update to pregonero_rekeyer using (true) with check (true)', name);
  end loop;
end $$;
grant select (id, tenant_id, settings), update (settings) on publishing_target to pregonero_rekeyer;
grant select (publication_id, position, tenant_id, content), update (content) on publication_post to pregonero_rekeyer;
