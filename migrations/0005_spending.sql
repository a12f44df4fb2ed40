-- Spending: what calls of models cost, and how much a tenant lets them cost. Amounts are micro-dollars
-- (1 USD = 1,000,000). A call is reserved before it is made, and settled once after it.

create table budget (
  tenant_id uuid not null references tenant (id),
  period text not null check (period in ('message', 'contact-day', 'day', 'month')),
  limit_micro_usd bigint not null check (limit_micro_usd >= 0),
  updated_at timestamptz not null default now(),
  primary key (period, tenant_id)
);

-- Prepaid credit. A tenant without a row pays afterwards, and is bound by its budgets alone.
create table account (
  tenant_id uuid primary key references tenant (id),
  balance_micro_usd bigint not null default 0,
  reserved_micro_usd bigint not null default 0 check (reserved_micro_usd >= 0)
);

create table account_transaction (
  tenant_id uuid not null references account (tenant_id),
  id bigint generated always as identity,
  kind text not null check (kind in ('top-up', 'model-call')),
  amount_micro_usd bigint not null,
  balance_micro_usd bigint not null,
  model_call_id uuid,
  actor text not null,
  happened_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create unique index account_transaction_call on account_transaction (model_call_id)
  where model_call_id is not null;

-- Running sums of one budget's period: subject is the message or contact, or empty for the whole tenant.
create table spending (
  tenant_id uuid not null references tenant (id),
  period text not null check (period in ('message', 'contact-day', 'day', 'month')),
  subject text not null,
  begins_on date not null,
  reserved_micro_usd bigint not null default 0 check (reserved_micro_usd >= 0),
  spent_micro_usd bigint not null default 0 check (spent_micro_usd >= 0),
  primary key (subject, begins_on, period, tenant_id)
);

create table model_call (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  message_id uuid not null,
  contact_id uuid,
  purpose text not null,
  -- provider:model
  model text not null,
  state text not null check (state in ('reserved', 'settled')),
  -- the code of its error, or answered; abandoned: its process died before it could tell
  outcome text,
  reserved_micro_usd bigint not null check (reserved_micro_usd >= 0),
  -- the budgets' periods, and 'balance': what came into force since is not freed by its settlement
  reserved_from text[] not null,
  -- null: the model's price is not known
  cost_micro_usd bigint check (cost_micro_usd >= 0),
  input_tokens integer check (input_tokens >= 0),
  cached_input_tokens integer check (cached_input_tokens >= 0),
  output_tokens integer check (output_tokens >= 0),
  -- the provider did not tell (cut off in the middle): counted by ourselves
  is_estimate boolean not null default false,
  -- the day whose budgets it was reserved from (UTC)
  called_on date not null,
  called_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (id, tenant_id)
);
create index model_call_message on model_call (message_id);
create index model_call_day on model_call (called_on, tenant_id);
create index model_call_open on model_call (called_at) where state = 'reserved';

do $$
declare name text;
begin
  foreach name in array array['budget', 'account', 'account_transaction', 'spending', 'model_call'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on budget, spending to pregonero_app;
grant select, insert, update on account, model_call to pregonero_app;
grant select, insert on account_transaction to pregonero_app;

-- The dispatcher finds calls whose process died, in every tenant.
create policy routing on model_call for select to pregonero_dispatcher using (true);
grant select (tenant_id, id, state, called_at) on model_call to pregonero_dispatcher;
