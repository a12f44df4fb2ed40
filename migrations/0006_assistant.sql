-- Assistants: how a tenant wants its bots to answer, and by which models.

create table assistant (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  -- answers for bots that name none, and for the API
  is_default boolean not null default false,
  -- manner and limits; no secrets, no links
  settings jsonb not null,
  revision integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create unique index assistant_name on assistant (tenant_id, name);
create unique index assistant_default on assistant (tenant_id) where is_default;

create table assistant_link (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  assistant_id uuid not null,
  route text not null check (route in ('usual', 'large')),
  position smallint not null,
  provider text not null,
  model text not null,
  is_unlisted boolean not null default false,
  -- AES-256-GCM envelope of an address with its key, which stand and go together; null: the installation's own
  endpoint bytea,
  primary key (id, tenant_id),
  foreign key (assistant_id, tenant_id) references assistant (id, tenant_id) on delete cascade
);
create unique index assistant_link_position on assistant_link (assistant_id, route, position);

-- Raised by every change of a tenant's assistants, so that a process sees in one row that there is something new.
create table assistant_revision (
  tenant_id uuid primary key references tenant (id),
  revision integer not null
);

-- Null: the tenant's default assistant.
alter table bot add column assistant_id uuid;
alter table bot add foreign key (assistant_id, tenant_id) references assistant (id, tenant_id);
create index bot_assistant on bot (assistant_id) where assistant_id is not null;

-- Milliseconds from the call to the first piece of text; null: none came.
alter table model_call add column first_token_ms integer check (first_token_ms >= 0);

do $$
declare name text;
begin
  foreach name in array array['assistant', 'assistant_link', 'assistant_revision'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on assistant, assistant_link to pregonero_app;
grant select, insert, update on assistant_revision to pregonero_app;
