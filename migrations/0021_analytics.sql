-- Figures of a tenant by bot and day, kept up from the event log: reading them costs the same at a million messages.
create table analytics_day (
  tenant_id uuid not null,
  bot_id uuid not null,
  -- in the tenant's time zone; of an answer, the day of its question
  day date not null,
  messages bigint not null default 0,
  answered bigint not null default 0,
  -- of the answered: the gazette does not say
  abstained bigint not null default 0,
  -- of the answered: a person was asked for
  handed_over bigint not null default 0,
  failed bigint not null default 0,
  cost_micro_usd bigint not null default 0,
  -- answers by the time that they took; upper bounds in src/core/analytics.ts, the last one open
  answer_times bigint[] not null default '{}',
  primary key (bot_id, day, tenant_id),
  foreign key (tenant_id, bot_id) references bot (tenant_id, id)
);
create index analytics_day_tenant on analytics_day (tenant_id, day);

-- How far each tenant's events are counted. It moves in the transaction that counts, so that none counts twice.
create table analytics_cursor (
  tenant_id uuid primary key references tenant (id),
  position bigint not null
);

do $$
declare name text;
begin
  foreach name in array array['analytics_day', 'analytics_cursor'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on analytics_day, analytics_cursor to pregonero_app;
create policy routing on analytics_cursor for select to pregonero_dispatcher using (true);
grant select on analytics_cursor to pregonero_dispatcher;
