-- Alerts by meaning; alerts and digests of those who wrote to WhatsApp long ago; results whose editions were read further.

-- The words of alerts as an embedder has them: one row for each distinct text of a tenant, so that no text is paid for
-- twice. A vector tells what its text is about: it is sealed, and an edition is compared with it in memory. A subscription
-- is found by it as by its words, through a keyed hash in subscription_key.
create table alert_meaning (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- as in subscription_key
  key_hash bytea not null,
  embedder_id text not null,
  -- AES-256-GCM envelope: the text, its vector, and from which similarity on a passage is near
  content bytea not null,
  created_at timestamptz not null default now(),
  primary key (id, tenant_id),
  unique (embedder_id, key_hash, tenant_id)
);

-- The embedder that has the words of this alert; null: none does.
alter table subscription add column meaning_of text;
create index subscription_meaning on subscription (tenant_id, meaning_of) where state = 'active' and kind = 'alert';

-- With which template WhatsApp Cloud may tell of alerts and digests more than a day after somebody wrote.
create table news_template (
  tenant_id uuid not null references tenant (id),
  kind text not null check (kind in ('alert', 'digest')),
  -- as Meta names it: es, es_MX, pt_BR
  language text not null,
  name text not null,
  -- string[], with places
  parameters jsonb not null,
  set_by text not null,
  set_at timestamptz not null default now(),
  primary key (kind, language, tenant_id)
);

-- Of a digest whose reader wrote too long ago: infinity, and the time at which they wrote again. Null: nothing waits.
alter table subscription add column tell_at timestamptz;
create index subscription_tell on subscription (tenant_id, tell_at) where state = 'active' and tell_at is not null;
-- The message of the last digest, and what had been told before it: what WhatsApp refuses after all is told again.
alter table subscription add column outbox_id uuid;
alter table subscription add column told_before timestamptz;
create index subscription_outbox on subscription (outbox_id) where outbox_id is not null;
create index alert_outbox on alert (outbox_id) where outbox_id is not null;

do $$
declare name text;
begin
  foreach name in array array['alert_meaning', 'news_template'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app', name);
  end loop;
end $$;
grant select (tell_at) on subscription to pregonero_dispatcher;

create policy rotation_reads on alert_meaning for select to pregonero_rekeyer using (true);
create policy rotation on alert_meaning for update to pregonero_rekeyer using (true) with check (true);
grant select (id, tenant_id, content), update (content) on alert_meaning to pregonero_rekeyer;

-- WhatsApp's own clock decides: a message that it refuses for its window is as if it had not been sent.
create policy window_closed on alert for update to pregonero_dispatcher using (true) with check (true);
grant select (outbox_id), update (state, reason, not_before, outbox_id, settled_at) on alert to pregonero_dispatcher;
create policy window_closed on subscription for update to pregonero_dispatcher using (true) with check (true);
grant select (outbox_id, told_before), update (outbox_id, told_before, told_until, tell_at)
  on subscription to pregonero_dispatcher;
create function keep_refused_news() returns trigger language plpgsql as $$
begin
  update alert set state = 'pending', reason = 'outside-window', not_before = now() + interval '10 minutes',
                   outbox_id = null, settled_at = null
  where outbox_id = new.id and tenant_id = new.tenant_id and state = 'queued';
  update subscription set told_until = told_before, tell_at = 'infinity', outbox_id = null, told_before = null
  where outbox_id = new.id and tenant_id = new.tenant_id and told_before is not null;
  return null;
end $$;
create trigger outbox_keeps_refused_news after update of state, reason on outbox for each row
  when (new.priority = 2 and new.recipient_id is null and new.state = 'failed' and new.reason = 'outside-window'
        and (old.state, old.reason) is distinct from (new.state, new.reason))
  execute function keep_refused_news();

-- How much of an edition a run has read: it is outdated when pages that had been given up are read later.
alter table prompt_run_edition add column revision integer not null default 1;
