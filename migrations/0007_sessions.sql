-- Accounts that live in a client which one process holds (a browser with a profile), receipts, and bursts.

-- Its account is such a one: only the process that holds the right to poll sends for it.
alter table bot add column is_held boolean not null default false;
-- Of a held account: its session says that it can send. Until then what is queued waits, and no attempt is spent.
alter table bot add column may_send boolean not null default false;
create index bot_held on bot (poll_owner) where is_held;

-- Attempts that ended before the network was asked: our own pacing waits, and does not count towards giving up.
alter table outbox add column waits integer not null default 0;

-- What the network told later of a part. Ranks: sent, failed, delivered, read; never goes back.
alter table outbox add column delivery text check (delivery in ('sent', 'delivered', 'read', 'failed'));
alter table outbox add column delivered_at timestamptz;
alter table outbox add column read_at timestamptz;

-- When the person last wrote, by the network's clock but never later than ours.
alter table conversation add column last_inbound_at timestamptz;

-- Until when what the same person writes belongs to this message; null: it is answered by itself.
alter table inbox add column burst_ends_at timestamptz;

-- What the session of a held account says of itself, and the code that links it.
create table bot_session (
  tenant_id uuid not null,
  bot_id uuid not null,
  report jsonb,
  -- AES-256-GCM envelope of a LinkCode: a live credential
  code bytea,
  code_expires_at timestamptz,
  primary key (bot_id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);

-- What a person asks of a session, wherever it runs, and what came of it.
create table session_request (
  tenant_id uuid not null,
  id uuid not null,
  bot_id uuid not null,
  -- order in which requests are handed out
  position bigint generated always as identity,
  -- AES-256-GCM envelope of a SessionRequest: it may name a phone
  request bytea not null,
  asked_at timestamptz not null default now(),
  taken_at timestamptz,
  outcome text,
  is_done boolean,
  -- AES-256-GCM envelope of the picture in base64
  png bytea,
  answered_at timestamptz,
  primary key (id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);
create index session_request_bot on session_request (bot_id, position);

-- What a session remembers of one chat between its starts.
create table chat_mark (
  tenant_id uuid not null,
  bot_id uuid not null,
  -- as conversation.chat_hash
  chat_hash bytea not null,
  -- AES-256-GCM envelope of a ChatMark
  mark bytea not null,
  updated_at timestamptz not null default now(),
  primary key (chat_hash, bot_id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);
create index chat_mark_bot on chat_mark (bot_id);

do $$
declare name text;
begin
  foreach name in array array['bot_session', 'session_request', 'chat_mark'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on bot_session, session_request, chat_mark to pregonero_app;

-- Who may send what is routing.
grant select (is_held, may_send), update (may_send) on bot to pregonero_dispatcher;
