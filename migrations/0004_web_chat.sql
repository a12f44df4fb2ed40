-- What was said in web chats, kept so that a reloaded page shows it again.
create table web_chat_entry (
  tenant_id uuid not null,
  conversation_id uuid not null,
  -- of a reply, its part in the outbox; of the visitor's own message, the UUID that the page gave it
  entry_id uuid not null,
  -- grows in the order of commits within a conversation; the id of the live event
  position bigint generated always as identity,
  -- AES-256-GCM envelope of the channel's part; the row id is conversation_id/entry_id
  part bytea not null,
  appended_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, entry_id),
  foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
);
create index web_chat_entry_position on web_chat_entry (tenant_id, conversation_id, position);

alter table web_chat_entry enable row level security;
alter table web_chat_entry force row level security;
create policy own_tenant on web_chat_entry to pregonero_app
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
grant select, insert, delete on web_chat_entry to pregonero_app;
