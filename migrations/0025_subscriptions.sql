-- Subscriptions of citizens: digests, and alerts on what is published.
--
-- What somebody wants to hear of is sealed. An edition finds it all the same: for each alternative of a topic a keyed
-- hash of its rarest word is kept, and the edition's own words, hashed alike, are looked up among these. Only topics
-- whose hash stands in the edition are opened, in memory, and compared whole.

create table subscription (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- where it is told
  conversation_id uuid not null,
  -- whose it is: erased with them
  contact_id uuid not null,
  kind text not null check (kind in ('alert', 'daily', 'weekly')),
  state text not null default 'active' check (state in ('active', 'paused')),
  -- AES-256-GCM envelope of AlertTopic; null: a digest has none
  topic bytea,
  language text not null check (language in ('es', 'pt', 'en')),
  time_zone text not null,
  -- minutes after midnight there, in which nothing is told
  quiet_from smallint,
  quiet_until smallint,
  -- of a digest: minutes after midnight there, and of a weekly one the day, 1 to 7
  minute smallint,
  weekday smallint,
  -- when the next digest is due, and until when the last one told what came in
  next_at timestamptz,
  told_until timestamptz,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index subscription_conversation on subscription (conversation_id);
create index subscription_contact on subscription (contact_id);
create index subscription_digest on subscription (tenant_id, next_at) where state = 'active' and next_at is not null;
create index subscription_alert on subscription (tenant_id) where state = 'active' and kind = 'alert';

-- HMACs, under the tenant's key, of the words by which an edition finds a subscription.
create table subscription_key (
  tenant_id uuid not null,
  subscription_id uuid not null,
  key_hash bytea not null,
  primary key (key_hash, subscription_id, tenant_id),
  foreign key (subscription_id, tenant_id) references subscription (id, tenant_id) on delete cascade
);
create index subscription_key_subscription on subscription_key (subscription_id);

-- How far each edition is matched against the subscriptions of a tenant.
create index edition_ingested on edition (ingested_at);
create table edition_match (
  tenant_id uuid not null references tenant (id),
  edition_id uuid not null references edition (id) on delete cascade,
  state text not null default 'matching' check (state in ('matching', 'done')),
  -- the last key and subscription that were looked at: keyed hash in hex, and id
  place text not null default '',
  matches integer not null default 0,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (edition_id, tenant_id)
);

-- One act that one subscription is told of, once. Its life: `pending` → `queued` (in the outbox, which tells the rest),
-- or `skipped` with the reason.
create table alert (
  tenant_id uuid not null,
  id uuid not null,
  subscription_id uuid not null,
  edition_id uuid not null references edition (id) on delete cascade,
  -- HMAC of the act's words, source and date: the same act of a corrected edition is not told again
  act_hash bytea not null,
  -- AES-256-GCM envelope of MatchedAct: which act it was tells what somebody is interested in
  content bytea not null,
  state text not null default 'pending' check (state in ('pending', 'queued', 'skipped')),
  reason text,
  not_before timestamptz not null,
  -- the first part of the message that tells it
  outbox_id uuid,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (id, tenant_id),
  unique (act_hash, subscription_id, tenant_id),
  foreign key (subscription_id, tenant_id) references subscription (id, tenant_id) on delete cascade
);
create index alert_pending on alert (tenant_id, not_before) where state = 'pending';
create index alert_subscription on alert (subscription_id);
create index alert_edition on alert (edition_id);
create index alert_settled on alert (tenant_id, settled_at) where state <> 'pending';

do $$
declare name text;
begin
  foreach name in array array['subscription', 'subscription_key', 'edition_match', 'alert'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app', name);
  end loop;
end $$;

-- Whose subscriptions are to be looked at is routing.
create policy routing on subscription for select to pregonero_dispatcher using (true);
grant select (tenant_id, kind, state, next_at) on subscription to pregonero_dispatcher;
create policy routing on alert for select to pregonero_dispatcher using (true);
grant select (tenant_id, state, not_before) on alert to pregonero_dispatcher;

-- Envelopes are sealed anew under another key (0020_key_rotation.sql).
do $$
declare name text;
begin
  foreach name in array array['subscription', 'alert'] loop
    execute format('create policy rotation_reads on %I for select to pregonero_rekeyer using (true)', name);
    execute format('create policy rotation on %I for update to pregonero_rekeyer using (true) with check (true)', name);
  end loop;
end $$;
grant select (id, tenant_id, topic), update (topic) on subscription to pregonero_rekeyer;
grant select (id, tenant_id, content), update (content) on alert to pregonero_rekeyer;
