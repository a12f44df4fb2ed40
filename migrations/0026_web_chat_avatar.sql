-- The picture of a web chat, as its tenant sent it, without what cameras and programs write into it. A row rather than a
-- file: every process serves it, and it goes with its bot.
create table web_chat_avatar (
  tenant_id uuid not null,
  bot_id uuid not null,
  media_type text not null check (media_type in ('image/png', 'image/jpeg')),
  -- 512 KiB: more than is taken in
  content bytea not null check (octet_length(content) <= 524288),
  changed_at timestamptz not null default now(),
  primary key (bot_id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);

alter table web_chat_avatar enable row level security;
alter table web_chat_avatar force row level security;
create policy own_tenant on web_chat_avatar to pregonero_app
  using (tenant_id is not distinct from (select current_tenant()))
  with check (tenant_id = (select current_tenant()));
grant select, insert, update, delete on web_chat_avatar to pregonero_app;
