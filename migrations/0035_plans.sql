-- Plans: how many questions a tenant's bots answer in a day. The registrar writes them; a tenant sees its own.

create table plan (
  name text primary key,
  -- of all people together; null: as many as they ask
  questions_per_day integer check (questions_per_day > 0),
  -- of one person
  questions_per_contact_day integer check (questions_per_contact_day > 0),
  revision integer not null default 1,
  changed_at timestamptz not null default now()
);

-- Which one a tenant has; no row: none, and nothing is counted. The limits are those of the plan, for transactions of
-- the tenant, which see no other's.
create table tenant_plan (
  tenant_id uuid primary key references tenant (id),
  plan text not null references plan (name),
  questions_per_day integer,
  questions_per_contact_day integer,
  set_at timestamptz not null default now()
);
create index tenant_plan_plan on tenant_plan (plan);

-- What was asked on one day of the tenant's own calendar.
create table question_count (
  tenant_id uuid not null references tenant (id),
  day date not null,
  -- the contact, or the chat where nobody is known; empty: all together
  subject text not null,
  questions integer not null default 0,
  primary key (day, subject, tenant_id)
);

-- Which questions were counted, or refused: the same one is so once, however often its turn is taken.
create table counted_question (
  tenant_id uuid not null references tenant (id),
  message_id uuid not null,
  day date not null,
  -- null: it was counted
  refused_by text check (refused_by in ('day', 'contact-day')),
  primary key (message_id, tenant_id)
);
create index counted_question_day on counted_question (tenant_id, day);

do $$
declare name text;
begin
  foreach name in array array['plan', 'tenant_plan', 'question_count', 'counted_question'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
  foreach name in array array['plan', 'tenant_plan'] loop
    execute format('create policy registrar on %I to pregonero_registrar using (true) with check (true)', name);
  end loop;
  foreach name in array array['tenant_plan', 'question_count', 'counted_question'] loop
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on plan, tenant_plan to pregonero_registrar;
grant select on tenant_plan to pregonero_app;
grant select, insert, update, delete on question_count, counted_question to pregonero_app;
