-- What citizens think of answers, and what they ask: judgements, questions by meaning, acts that were cited.

-- One judgement of each contact on each answer. Taken back, the row stays without a vote: what a network tells late
-- does not bring it back.
create table feedback (
  tenant_id uuid not null,
  id uuid not null,
  -- whose answer: the message that it answers
  message_id uuid not null,
  conversation_id uuid not null,
  bot_id uuid not null,
  contact_id uuid not null,
  -- null: taken back
  vote text check (vote in ('up', 'down')),
  -- AES-256-GCM envelope of the citizen's words
  comment bytea,
  -- by the page's own control, or by a reaction in the network
  given_by text not null check (given_by in ('page', 'reaction')),
  -- the part that the reaction stands under: taken away from another one, it takes nothing back
  outbox_id uuid,
  -- of the question, in the tenant's time zone as it was then: where the vote is counted
  day date not null,
  judged_at timestamptz not null,
  primary key (id, tenant_id),
  unique (message_id, contact_id, tenant_id),
  check (comment is null or vote is not null),
  foreign key (message_id, tenant_id) references inbox (id, tenant_id) on delete cascade,
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (bot_id, tenant_id) references bot (id, tenant_id),
  foreign key (outbox_id, tenant_id) references outbox (id, tenant_id) on delete set null (outbox_id),
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index feedback_given on feedback (tenant_id, judged_at desc, id desc) where vote is not null;
create index feedback_conversation on feedback (conversation_id);
create index feedback_contact on feedback (contact_id);
create index feedback_outbox on feedback (outbox_id) where outbox_id is not null;

alter table analytics_day
  add column thumbs_up bigint not null default 0,
  add column thumbs_down bigint not null default 0;

-- Totals of all tenants, for who operates: counts, no content.
create policy routing on analytics_day for select to pregonero_dispatcher using (true);
grant select on analytics_day to pregonero_dispatcher;

-- How often answers cited each passage, by bot and day. A passage may be gone: what is not there is not listed.
create table analytics_citation (
  tenant_id uuid not null,
  bot_id uuid not null,
  day date not null,
  passage_id bigint not null,
  citations bigint not null,
  primary key (bot_id, day, passage_id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);
create index analytics_citation_tenant on analytics_citation (tenant_id, day);

-- Questions alike, found anew every few hours; only those that several people asked are kept.
create table question_cluster (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- AES-256-GCM envelope: a question of theirs, in which only words stand that several people used
  label bytea not null,
  made_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create index question_cluster_tenant on question_cluster (tenant_id);

-- Messages that were questions, and whether an answer was found; no content.
create table question_asked (
  tenant_id uuid not null,
  message_id uuid not null,
  conversation_id uuid not null,
  bot_id uuid not null,
  -- in the tenant's time zone
  day date not null,
  is_abstained boolean not null,
  noted_at timestamptz not null default now(),
  -- null: nobody else asked it, or nobody has looked yet
  cluster_id uuid,
  primary key (message_id, tenant_id),
  foreign key (message_id, tenant_id) references inbox (id, tenant_id) on delete cascade,
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (bot_id, tenant_id) references bot (id, tenant_id),
  foreign key (cluster_id, tenant_id) references question_cluster (id, tenant_id) on delete set null (cluster_id)
);
create index question_asked_tenant on question_asked (tenant_id, day);
create index question_asked_conversation on question_asked (conversation_id);
create index question_asked_cluster on question_asked (cluster_id) where cluster_id is not null;

-- When each tenant's questions were looked through. `token` grows with each look, and fences out one that was given up.
create table question_run (
  tenant_id uuid primary key references tenant (id),
  token bigint not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  -- somebody was erased since: what stands in the clusters may be theirs
  is_stale boolean not null default false
);

do $$
declare name text;
begin
  foreach name in array array['feedback', 'analytics_citation', 'question_cluster', 'question_asked',
                              'question_run'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on feedback, analytics_citation, question_cluster, question_asked, question_run
  to pregonero_app;

-- Whose questions are to be looked through is routing.
create policy routing on question_run for select to pregonero_dispatcher using (true);
grant select on question_run to pregonero_dispatcher;

-- Envelopes are sealed anew under another key (0020_key_rotation.sql).
do $$
declare name text;
begin
  foreach name in array array['feedback', 'question_cluster'] loop
    execute format('create policy rotation_reads on %I for select to pregonero_rekeyer using (true)', name);
    execute format('create policy rotation on %I for update to pregonero_rekeyer using (true) with check (true)', name);
  end loop;
end $$;
grant select (id, tenant_id, comment), update (comment) on feedback to pregonero_rekeyer;
grant select (id, tenant_id, label), update (label) on question_cluster to pregonero_rekeyer;
