-- People who sign in. They belong to the installation, and work for tenants by membership.
--
-- A fourth role keeps them apart: pregonero_registrar alone reads credentials, and reads nothing else. No
-- transaction of a tenant sees a person, a session or a token.
do $$
begin
  if not exists (select 1 from pg_roles where rolname = 'pregonero_registrar') then
    create role pregonero_registrar nologin nosuperuser nobypassrls;
  end if;
  execute format('grant pregonero_registrar to %I', current_user);
end $$;
grant usage on schema public to pregonero_registrar;

create table person (
  id uuid primary key,
  -- HMAC of the address in its normal form
  email_hash bytea not null unique,
  -- AES-256-GCM envelopes
  email bytea not null,
  name bytea not null,
  -- PHC string of argon2id
  password_hash text not null,
  platform_role text check (platform_role in ('platform-admin', 'operator')),
  -- AES-256-GCM envelopes of base32 secrets; the pending one does not count yet
  totp bytea,
  totp_pending bytea,
  -- the last time step whose code was taken: none of it, or of an earlier one, is taken again
  totp_step bigint not null default 0,
  -- grows when password or second factor change: a sign-in under way does not outlive that
  credential_version integer not null default 1,
  disabled_at timestamptz,
  last_sign_in_at timestamptz,
  created_at timestamptz not null
);

create table recovery_code (
  person_id uuid not null references person (id) on delete cascade,
  code_hash bytea not null,
  primary key (person_id, code_hash)
);

create table person_session (
  id uuid primary key,
  person_id uuid not null references person (id) on delete cascade,
  -- AES-256-GCM envelope of {ip, userAgent}
  origin bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  -- when password and second factor were last given
  proved_at timestamptz not null,
  expires_at timestamptz not null,
  idle_at timestamptz not null,
  ended_at timestamptz,
  end_reason text
);
create index person_session_person on person_session (person_id) where ended_at is null;

-- SHA-256 of each refresh token that a session ever had: an old one that comes again was stolen.
create table refresh_token (
  token_hash bytea primary key,
  session_id uuid not null references person_session (id) on delete cascade,
  issued_at timestamptz not null,
  used_at timestamptz
);
create index refresh_token_session on refresh_token (session_id);

create table password_reset (
  token_hash bytea primary key,
  person_id uuid not null references person (id) on delete cascade,
  drops_totp boolean not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index password_reset_person on password_reset (person_id);

-- One row at most: the token of the first person.
create table set_up (
  id boolean primary key default true check (id),
  token_hash bytea not null,
  made_at timestamptz not null,
  used_at timestamptz
);

create table membership (
  tenant_id uuid not null references tenant (id),
  person_id uuid not null references person (id) on delete cascade,
  role text not null check (role in ('owner', 'editor', 'agent', 'viewer')),
  disabled_at timestamptz,
  created_at timestamptz not null,
  primary key (person_id, tenant_id)
);
create index membership_tenant on membership (tenant_id, created_at, person_id);

-- Without a tenant: to a role of the installation. A role of the other kind fits neither place where it would end.
create table invitation (
  tenant_id uuid references tenant (id),
  id uuid primary key,
  email_hash bytea not null,
  -- AES-256-GCM envelope
  email bytea not null,
  role text not null check (role in ('owner', 'editor', 'agent', 'viewer', 'platform-admin', 'operator')),
  token_hash bytea not null unique,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  -- accepted or withdrawn
  closed_at timestamptz
);
create unique index invitation_open on invitation (email_hash, tenant_id) nulls not distinct
  where closed_at is null;
create index invitation_tenant on invitation (tenant_id, invited_at, id) where closed_at is null;

do $$
declare name text;
begin
  foreach name in array array['person', 'recovery_code', 'person_session', 'refresh_token', 'password_reset',
                              'set_up', 'membership', 'invitation'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy registrar on %I to pregonero_registrar using (true) with check (true)', name);
  end loop;
  foreach name in array array['membership', 'invitation'] loop
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id = (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on person, recovery_code, person_session, refresh_token, password_reset,
  set_up, membership, invitation to pregonero_registrar;
-- A tenant sees who works for it by id and role, and changes nothing.
grant select (tenant_id, person_id, role, disabled_at) on membership to pregonero_app;
grant select (tenant_id, id, role) on invitation to pregonero_app;

-- What concerns no tenant (sign-ins, roles of the installation) is audited without one. The policy is written
-- anew: an unset tenant must not equal it.
alter table audit drop constraint audit_pkey;
alter table audit add primary key (id);
alter table audit alter column tenant_id drop not null;
drop policy own_tenant on audit;
create policy own_tenant on audit to pregonero_app
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy registrar on audit for insert to pregonero_registrar with check (true);
create policy registrar_reads on audit for select to pregonero_registrar using (true);
grant select, insert on audit to pregonero_registrar;

-- The chain over the audit: a hash of each row and of the seal before, under a key that is not in the database.
-- No role may change or delete one.
create table audit_seal (
  position bigint primary key,
  audit_id bigint not null unique,
  seal bytea not null,
  sealed_at timestamptz not null default now()
);
alter table audit_seal enable row level security;
alter table audit_seal force row level security;
create policy registrar on audit_seal to pregonero_registrar using (true) with check (true);
grant select, insert on audit_seal to pregonero_registrar;
