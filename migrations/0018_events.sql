-- What happened, for live pages and outgoing webhooks: ids and states, no content.
--
-- Writers insert in their own transactions, without a position: an identity is handed out before the commit, so a
-- reader that went by it would skip what commits late. Positions are given to committed rows only, by one
-- transaction at a time (an advisory lock), and readers go by those.
create table event (
  -- null: of the installation
  tenant_id uuid references tenant (id),
  id bigint generated always as identity primary key,
  position bigint,
  kind text not null,
  detail jsonb not null default '{}',
  happened_at timestamptz not null default now()
);
create unique index event_position on event (position);
create index event_tenant on event (tenant_id, position);
create index event_unplaced on event (id) where position is null;
create sequence event_positions;

alter table event enable row level security;
alter table event force row level security;
create policy own_tenant on event to pregonero_app
  using (tenant_id = (select current_tenant())) with check (tenant_id = (select current_tenant()));
create policy routing on event to pregonero_dispatcher using (true) with check (true);
create policy registrar on event for insert to pregonero_registrar with check (true);
create policy curator on event for insert to pregonero_curator with check (tenant_id is null);
grant select, insert, delete on event to pregonero_app;
grant select, insert, delete, update (position) on event to pregonero_dispatcher;
grant insert on event to pregonero_registrar, pregonero_curator;
grant usage, select on sequence event_positions to pregonero_dispatcher;
