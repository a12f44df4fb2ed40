-- Prompts: named texts of instructions by which editions are read whole and summed up, their runs, and what people
-- approved of these.

create table prompt (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  version integer not null default 1,
  is_paused boolean not null default false,
  -- editions that came in before this time start no run
  active_since timestamptz not null default now(),
  -- of a daily or weekly one: when it runs next
  next_at timestamptz,
  -- whether something starts it by itself, as routing sees it
  is_scheduled boolean not null,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (id, tenant_id)
);
create unique index prompt_name on prompt (tenant_id, lower(name)) where removed_at is null;

create table prompt_version (
  tenant_id uuid not null,
  prompt_id uuid not null,
  version integer not null,
  -- PromptSettings
  settings jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (prompt_id, version, tenant_id),
  foreign key (prompt_id, tenant_id) references prompt (id, tenant_id) on delete cascade
);

create table prompt_run (
  tenant_id uuid not null,
  id uuid not null,
  prompt_id uuid not null,
  version integer not null,
  trigger text not null check (trigger in ('edition', 'schedule', 'person')),
  state text not null default 'queued' check (state in ('queued', 'mapping', 'reducing', 'checking',
    'waiting-for-review', 'approved', 'rejected', 'held', 'failed', 'cancelled')),
  reason_code text,
  reason text,
  title text not null,
  -- RunEstimate; null until it was planned
  estimate jsonb,
  -- RunStatement[] and DroppedStatement[]
  statements jsonb not null default '[]',
  dropped jsonb not null default '[]',
  -- how often a person asked to try it again
  round integer not null default 0,
  -- calls of a model that failed, one after the other
  failures integer not null default 0,
  asked_by text not null,
  asked_at timestamptz not null,
  changed_at timestamptz not null,
  -- null: there is nothing to do
  next_attempt_at timestamptz,
  -- one process at a time works on it; fence grows with each, and refuses what an older one writes
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  revision integer not null default 1,
  reviewed_by text,
  reviewed_at timestamptz,
  review_reason text,
  -- ApprovedStatement[]: frozen, and what alone is published
  approved jsonb,
  primary key (id, tenant_id),
  foreign key (prompt_id, tenant_id) references prompt (id, tenant_id) on delete cascade,
  foreign key (prompt_id, version, tenant_id) references prompt_version (prompt_id, version, tenant_id),
  check ((state = 'approved') = (approved is not null)),
  check (state not in ('approved', 'rejected') or reviewed_by is not null and reviewed_at is not null)
);
create index prompt_run_asked on prompt_run (tenant_id, asked_at desc, id desc);
create index prompt_run_prompt on prompt_run (prompt_id, asked_at desc);
create index prompt_run_due on prompt_run (next_attempt_at) where next_attempt_at is not null;
create index prompt_run_approved on prompt_run (reviewed_at) where state = 'approved';

-- What is approved stays as it was approved.
create function keep_approved() returns trigger
language plpgsql as $$
begin
  if old.state = 'approved' and (new.state is distinct from old.state
      or new.approved is distinct from old.approved or new.statements is distinct from old.statements) then
    raise exception 'an approved run is frozen' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger prompt_run_frozen before update on prompt_run for each row execute function keep_approved();

-- The documents of a run. Of those that a run was started for by itself, a prompt has each once.
create table prompt_run_edition (
  tenant_id uuid not null,
  run_id uuid not null,
  prompt_id uuid not null,
  edition_id uuid not null references edition (id) on delete cascade,
  position integer not null,
  is_triggered boolean not null,
  primary key (run_id, edition_id, tenant_id),
  foreign key (run_id, tenant_id) references prompt_run (id, tenant_id) on delete cascade
);
create unique index prompt_run_edition_once on prompt_run_edition (prompt_id, edition_id) where is_triggered;
create index prompt_run_edition_edition on prompt_run_edition (edition_id);

-- Level 0: batches of passages; above it: groups of statements of the level below.
create table prompt_run_step (
  tenant_id uuid not null,
  -- also the message on whose account the model is called
  id uuid not null,
  run_id uuid not null,
  level integer not null,
  position integer not null,
  -- PromptStep.input
  input jsonb not null,
  -- StepOutput; null: not done yet
  output jsonb,
  tries integer not null default 0,
  done_at timestamptz,
  primary key (id, tenant_id),
  unique (run_id, level, position, tenant_id),
  foreign key (run_id, tenant_id) references prompt_run (id, tenant_id) on delete cascade
);

-- The page ledger: what had to be read of each page, and what of it was read.
create table prompt_run_page (
  tenant_id uuid not null,
  run_id uuid not null,
  edition_id uuid not null references edition (id) on delete cascade,
  page integer not null,
  duty text not null check (duty in ('read', 'blank', 'left-out')),
  passages integer not null check (passages >= 0),
  passages_read integer not null default 0 check (passages_read between 0 and passages),
  primary key (run_id, edition_id, page, tenant_id),
  foreign key (run_id, tenant_id) references prompt_run (id, tenant_id) on delete cascade
);
create index prompt_run_page_edition on prompt_run_page (edition_id);

do $$
declare name text;
begin
  foreach name in array array['prompt', 'prompt_version', 'prompt_run', 'prompt_run_edition', 'prompt_run_step',
                              'prompt_run_page'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
    execute format('grant select, insert, update, delete on %I to pregonero_app', name);
  end loop;
end $$;

-- The dispatcher finds what is due, whoever's it is, and leases runs; it sees no text.
create policy routing on prompt for select to pregonero_dispatcher using (true);
grant select (tenant_id, id, is_paused, is_scheduled, next_at, removed_at) on prompt to pregonero_dispatcher;
create policy routing on prompt_run to pregonero_dispatcher using (true) with check (true);
grant select (tenant_id, id, prompt_id, state, next_attempt_at, lease_owner, lease_until, fence, reviewed_at),
  update (next_attempt_at, lease_owner, lease_until, fence) on prompt_run to pregonero_dispatcher;
