-- Two versions of an assistant compared: a share of those who write is answered by another one than everybody else.

create table assistant_experiment (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  assistant_id uuid not null,
  -- what answers everybody else, and what answers the share
  live_revision integer not null,
  other_revision integer not null,
  -- of a hundred people, those whom the other one answers
  share smallint not null default 50 check (share between 1 and 99),
  -- as in audit
  started_by text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  -- what answers everybody since
  kept_revision integer check (kept_revision in (live_revision, other_revision)),
  -- what came of each, as it stood at the end: counts, of the live version and of the other
  results jsonb,
  primary key (id, tenant_id),
  foreign key (assistant_id, tenant_id) references assistant (id, tenant_id) on delete cascade,
  check ((ended_at is null) = (kept_revision is null)),
  check ((ended_at is null) = (results is null))
);
create unique index assistant_experiment_running on assistant_experiment (assistant_id) where ended_at is null;
create index assistant_experiment_started on assistant_experiment (assistant_id, started_at desc);

-- Which version answered a message while two were compared, and what came of it; no content.
create table assistant_experiment_answer (
  tenant_id uuid not null,
  message_id uuid not null,
  experiment_id uuid not null,
  conversation_id uuid not null,
  revision integer not null,
  is_abstained boolean not null,
  -- a person was asked for within the hour, before anything else was answered
  is_handed_over boolean not null default false,
  -- milliseconds from the message's arrival to its answer
  took_ms integer not null check (took_ms >= 0),
  answered_at timestamptz not null default now(),
  primary key (message_id, tenant_id),
  foreign key (message_id, tenant_id) references inbox (id, tenant_id) on delete cascade,
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (experiment_id, tenant_id) references assistant_experiment (id, tenant_id) on delete cascade
);
create index assistant_experiment_answer_experiment on assistant_experiment_answer (experiment_id);
create index assistant_experiment_answer_conversation
  on assistant_experiment_answer (conversation_id, answered_at desc);

do $$
declare name text;
begin
  foreach name in array array['assistant_experiment', 'assistant_experiment_answer'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update on assistant_experiment to pregonero_app;
grant select, insert, update, delete on assistant_experiment_answer to pregonero_app;
