-- Files that people sent on a network whose session alone can fetch them, from when the message was read until its
-- turn. Rows rather than files: every process reads them, and they go with what they belong to.
create table media_file (
  tenant_id uuid not null,
  id uuid not null,
  bot_id uuid not null,
  -- AES-256-GCM envelope of the bytes in base64
  content bytea not null,
  expires_at timestamptz not null,
  primary key (id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);
-- By which what is over is found.
create index media_file_expiry on media_file (tenant_id, expires_at);

alter table media_file enable row level security;
alter table media_file force row level security;
create policy own_tenant on media_file to pregonero_app
  using (tenant_id is not distinct from (select current_tenant()))
  with check (tenant_id = (select current_tenant()));
grant select, insert, delete on media_file to pregonero_app;
