-- What an assistant was at each of its revisions, to compare with and to go back to.
--
-- Keys are not kept: one that was taken back is gone everywhere. A version that is restored uses the keys that the
-- same providers and addresses have then.

create table assistant_version (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  assistant_id uuid not null,
  revision integer not null,
  -- as in assistant: manner and limits
  settings jsonb not null,
  -- AES-256-GCM envelope of the chains, whose addresses are the tenant's own, without keys
  links bytea not null,
  -- as in audit
  saved_by text not null,
  saved_at timestamptz not null default now(),
  -- the revision that it repeats; null: it was written anew
  restored_from integer,
  primary key (id, tenant_id),
  foreign key (assistant_id, tenant_id) references assistant (id, tenant_id) on delete cascade
);
create unique index assistant_version_revision on assistant_version (assistant_id, revision);

alter table assistant_version enable row level security;
alter table assistant_version force row level security;
create policy own_tenant on assistant_version to pregonero_app
  using (tenant_id is not distinct from (select current_tenant()))
  with check (tenant_id = (select current_tenant()));
create policy rotation_reads on assistant_version for select to pregonero_rekeyer using (true);
create policy rotation on assistant_version for update to pregonero_rekeyer using (true) with check (true);
grant select, insert, delete on assistant_version to pregonero_app;
grant select (id, tenant_id, links), update (links) on assistant_version to pregonero_rekeyer;
