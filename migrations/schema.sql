-- What the migrations come to, written by the catalogue test from the system catalogue.
-- Never edited: after a migration, run it with --update, and read the difference.

-- account
row security: on, forced
  balance_micro_usd bigint not null default 0
  reserved_micro_usd bigint not null default 0
  tenant_id uuid not null
  CHECK ((reserved_micro_usd >= 0))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX account_pkey ON account USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- account_transaction
row security: on, forced
  actor text not null
  amount_micro_usd bigint not null
  balance_micro_usd bigint not null
  happened_at timestamp with time zone not null default now()
  id bigint not null generated always as identity
  kind text not null
  model_call_id uuid
  note text
  reference text
  tenant_id uuid not null
  CHECK ((kind = ANY (ARRAY['top-up'::text, 'adjustment'::text, 'model-call'::text])))
  FOREIGN KEY (tenant_id) REFERENCES account(tenant_id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX account_transaction_tenant ON account_transaction USING btree (tenant_id, id)
  CREATE UNIQUE INDEX account_transaction_call ON account_transaction USING btree (model_call_id) WHERE (model_call_id IS NOT NULL)
  CREATE UNIQUE INDEX account_transaction_pkey ON account_transaction USING btree (id, tenant_id)
  CREATE UNIQUE INDEX account_transaction_reference ON account_transaction USING btree (reference) WHERE (reference IS NOT NULL)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant insert, select to pregonero_app
  grant delete, select to pregonero_eraser

-- act
row security: on, forced
  edition_id uuid not null
  issuing_body text not null default ''::text
  last_page integer not null
  page integer not null
  position integer not null
  section text not null default ''::text
  tenant_id uuid
  title text not null default ''::text
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id, "position")
  CREATE UNIQUE INDEX act_pkey ON act USING btree (edition_id, "position")
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- act_entity
row security: on, forced
  act_position integer not null
  edition_id uuid not null
  key text not null collate "C"
  kind text not null
  mentions integer not null
  name text not null
  passage_position integer not null
  tenant_id uuid
  text_end integer not null
  text_start integer not null
  CHECK ((kind = ANY (ARRAY['body'::text, 'norm'::text, 'company'::text, 'person'::text, 'place'::text, 'amount'::text, 'date'::text])))
  FOREIGN KEY (edition_id, act_position) REFERENCES act(edition_id, "position") ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id, act_position, kind, key)
  CREATE INDEX act_entity_key ON act_entity USING btree (kind, key)
  CREATE UNIQUE INDEX act_entity_pkey ON act_entity USING btree (edition_id, act_position, kind, key)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- act_norm
row security: on, forced
  act_position integer not null
  edition_id uuid not null
  enacted_on date
  key text not null collate "C"
  name text not null
  tenant_id uuid
  FOREIGN KEY (edition_id, act_position) REFERENCES act(edition_id, "position") ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id, act_position)
  CREATE INDEX act_norm_key ON act_norm USING btree (key)
  CREATE UNIQUE INDEX act_norm_pkey ON act_norm USING btree (edition_id, act_position)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- act_reference
row security: on, forced
  act_position integer not null
  edition_id uuid not null
  is_partial boolean not null
  ordinal integer not null
  passage_position integer not null
  relation text not null
  target_gazette_number text
  target_gazette_on date
  target_gazette_page integer
  target_key text not null collate "C"
  target_name text not null
  target_on date
  tenant_id uuid
  text_end integer not null
  text_start integer not null
  CHECK ((relation = ANY (ARRAY['derogates'::text, 'corrects'::text, 'modifies'::text, 'adds'::text, 'extends'::text, 'regulates'::text])))
  FOREIGN KEY (edition_id, act_position) REFERENCES act(edition_id, "position") ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id, act_position, ordinal)
  CREATE INDEX act_reference_target ON act_reference USING btree (target_key)
  CREATE UNIQUE INDEX act_reference_pkey ON act_reference USING btree (edition_id, act_position, ordinal)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- alert
row security: on, forced
  act_hash bytea not null
  content bytea not null
  created_at timestamp with time zone not null default now()
  edition_id uuid not null
  id uuid not null
  not_before timestamp with time zone not null
  outbox_id uuid
  reason text
  settled_at timestamp with time zone
  state text not null default 'pending'::text
  subscription_id uuid not null
  tenant_id uuid not null
  CHECK ((state = ANY (ARRAY['pending'::text, 'queued'::text, 'skipped'::text])))
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (subscription_id, tenant_id) REFERENCES subscription(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  UNIQUE (act_hash, subscription_id, tenant_id)
  CREATE INDEX alert_edition ON alert USING btree (edition_id)
  CREATE INDEX alert_outbox ON alert USING btree (outbox_id) WHERE (outbox_id IS NOT NULL)
  CREATE INDEX alert_pending ON alert USING btree (tenant_id, not_before) WHERE (state = 'pending'::text)
  CREATE INDEX alert_settled ON alert USING btree (tenant_id, settled_at) WHERE (state <> 'pending'::text)
  CREATE INDEX alert_subscription ON alert USING btree (subscription_id)
  CREATE UNIQUE INDEX alert_act_hash_subscription_id_tenant_id_key ON alert USING btree (act_hash, subscription_id, tenant_id)
  CREATE UNIQUE INDEX alert_pkey ON alert USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for select to pregonero_dispatcher using true
  policy window_closed for update to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (not_before, outbox_id, state, tenant_id) to pregonero_dispatcher
  grant update (not_before, outbox_id, reason, settled_at, state) to pregonero_dispatcher
  grant select (content, id, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- alert_meaning
row security: on, forced
  content bytea not null
  created_at timestamp with time zone not null default now()
  embedder_id text not null
  id uuid not null
  key_hash bytea not null
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (embedder_id, key_hash, tenant_id)
  CREATE UNIQUE INDEX alert_meaning_embedder_id_key_hash_tenant_id_key ON alert_meaning USING btree (embedder_id, key_hash, tenant_id)
  CREATE UNIQUE INDEX alert_meaning_pkey ON alert_meaning USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (content, id, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- analytics_citation
row security: on, forced
  bot_id uuid not null
  citations bigint not null
  day date not null
  passage_id bigint not null
  tenant_id uuid not null
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (bot_id, day, passage_id, tenant_id)
  CREATE INDEX analytics_citation_tenant ON analytics_citation USING btree (tenant_id, day)
  CREATE UNIQUE INDEX analytics_citation_pkey ON analytics_citation USING btree (bot_id, day, passage_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- analytics_cursor
row security: on, forced
  position bigint not null
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX analytics_cursor_pkey ON analytics_cursor USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant select to pregonero_dispatcher
  grant delete, select to pregonero_eraser

-- analytics_day
row security: on, forced
  abstained bigint not null default 0
  answer_times bigint[] not null default '{}'::bigint[]
  answered bigint not null default 0
  bot_id uuid not null
  cost_micro_usd bigint not null default 0
  day date not null
  failed bigint not null default 0
  handed_over bigint not null default 0
  messages bigint not null default 0
  tenant_id uuid not null
  thumbs_down bigint not null default 0
  thumbs_up bigint not null default 0
  FOREIGN KEY (tenant_id, bot_id) REFERENCES bot(tenant_id, id)
  PRIMARY KEY (bot_id, day, tenant_id)
  CREATE INDEX analytics_day_tenant ON analytics_day USING btree (tenant_id, day)
  CREATE UNIQUE INDEX analytics_day_pkey ON analytics_day USING btree (bot_id, day, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant select to pregonero_dispatcher
  grant delete, select to pregonero_eraser

-- announcement
row security: on, forced
  actor text not null
  created_at timestamp with time zone not null default now()
  id uuid not null
  is_for_all boolean not null
  revision integer not null default 1
  severity text not null
  shown_from timestamp with time zone not null
  shown_until timestamp with time zone
  texts jsonb not null
  withdrawn_at timestamp with time zone
  CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
  PRIMARY KEY (id)
  CREATE UNIQUE INDEX announcement_pkey ON announcement USING btree (id)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- announcement_reading
row security: on, forced
  announcement_id uuid not null
  person_id uuid not null
  read_at timestamp with time zone not null default now()
  FOREIGN KEY (announcement_id) REFERENCES announcement(id) ON DELETE CASCADE
  FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
  PRIMARY KEY (person_id, announcement_id)
  CREATE UNIQUE INDEX announcement_reading_pkey ON announcement_reading USING btree (person_id, announcement_id)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- announcement_tenant
row security: on, forced
  announcement_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (announcement_id) REFERENCES announcement(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id) ON DELETE CASCADE
  PRIMARY KEY (announcement_id, tenant_id)
  CREATE UNIQUE INDEX announcement_tenant_pkey ON announcement_tenant USING btree (announcement_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  grant select to pregonero_app
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar

-- api_key
row security: on, forced
  created_at timestamp with time zone not null default now()
  created_by text not null default 'command-line'::text
  expires_at timestamp with time zone
  id uuid not null
  key_hash bytea not null
  last_used_at timestamp with time zone
  name text not null
  revoked_at timestamp with time zone
  scopes text[] not null
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (key_hash)
  CREATE INDEX api_key_made ON api_key USING btree (created_at, id)
  CREATE UNIQUE INDEX api_key_key_hash_key ON api_key USING btree (key_hash)
  CREATE UNIQUE INDEX api_key_pkey ON api_key USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (expires_at, id, key_hash, revoked_at, scopes, tenant_id) to pregonero_dispatcher

-- assistant
row security: on, forced
  id uuid not null
  is_default boolean not null default false
  name text not null
  revision integer not null default 1
  settings jsonb not null
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX assistant_default ON assistant USING btree (tenant_id) WHERE is_default
  CREATE UNIQUE INDEX assistant_name ON assistant USING btree (tenant_id, name)
  CREATE UNIQUE INDEX assistant_pkey ON assistant USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- assistant_experiment
row security: on, forced
  assistant_id uuid not null
  ended_at timestamp with time zone
  id uuid not null
  kept_revision integer
  live_revision integer not null
  other_revision integer not null
  results jsonb
  share smallint not null default 50
  started_at timestamp with time zone not null default now()
  started_by text not null
  tenant_id uuid not null
  CHECK (((ended_at IS NULL) = (kept_revision IS NULL)))
  CHECK (((ended_at IS NULL) = (results IS NULL)))
  CHECK (((kept_revision = live_revision) OR (kept_revision = other_revision)))
  CHECK (((share >= 1) AND (share <= 99)))
  FOREIGN KEY (assistant_id, tenant_id) REFERENCES assistant(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX assistant_experiment_started ON assistant_experiment USING btree (assistant_id, started_at DESC)
  CREATE UNIQUE INDEX assistant_experiment_pkey ON assistant_experiment USING btree (id, tenant_id)
  CREATE UNIQUE INDEX assistant_experiment_running ON assistant_experiment USING btree (assistant_id) WHERE (ended_at IS NULL)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- assistant_experiment_answer
row security: on, forced
  answered_at timestamp with time zone not null default now()
  conversation_id uuid not null
  experiment_id uuid not null
  is_abstained boolean not null
  is_handed_over boolean not null default false
  message_id uuid not null
  revision integer not null
  tenant_id uuid not null
  took_ms integer not null
  CHECK ((took_ms >= 0))
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (experiment_id, tenant_id) REFERENCES assistant_experiment(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (message_id, tenant_id) REFERENCES inbox(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (message_id, tenant_id)
  CREATE INDEX assistant_experiment_answer_conversation ON assistant_experiment_answer USING btree (conversation_id, answered_at DESC)
  CREATE INDEX assistant_experiment_answer_experiment ON assistant_experiment_answer USING btree (experiment_id)
  CREATE UNIQUE INDEX assistant_experiment_answer_pkey ON assistant_experiment_answer USING btree (message_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- assistant_link
row security: on, forced
  assistant_id uuid not null
  endpoint bytea
  id uuid not null
  is_unlisted boolean not null default false
  model text not null
  position smallint not null
  provider text not null
  route text not null
  tenant_id uuid not null
  CHECK ((route = ANY (ARRAY['usual'::text, 'large'::text])))
  FOREIGN KEY (assistant_id, tenant_id) REFERENCES assistant(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX assistant_link_pkey ON assistant_link USING btree (id, tenant_id)
  CREATE UNIQUE INDEX assistant_link_position ON assistant_link USING btree (assistant_id, route, "position")
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (endpoint, id, position, tenant_id) to pregonero_rekeyer
  grant update (endpoint) to pregonero_rekeyer

-- assistant_revision
row security: on, forced
  revision integer not null
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX assistant_revision_pkey ON assistant_revision USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- assistant_version
row security: on, forced
  assistant_id uuid not null
  id uuid not null
  links bytea not null
  restored_from integer
  revision integer not null
  saved_at timestamp with time zone not null default now()
  saved_by text not null
  settings jsonb not null
  tenant_id uuid not null
  FOREIGN KEY (assistant_id, tenant_id) REFERENCES assistant(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX assistant_version_pkey ON assistant_version USING btree (id, tenant_id)
  CREATE UNIQUE INDEX assistant_version_revision ON assistant_version USING btree (assistant_id, revision)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (id, links, tenant_id) to pregonero_rekeyer
  grant update (links) to pregonero_rekeyer

-- audit
row security: on, forced
  action text not null
  actor text not null
  detail jsonb not null default '{}'::jsonb
  happened_at timestamp with time zone not null default now()
  id bigint not null generated always as identity
  subject text not null
  tenant_id uuid
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  CREATE INDEX audit_action ON audit USING btree (action, id DESC)
  CREATE INDEX audit_actor ON audit USING btree (actor, id DESC)
  CREATE INDEX audit_request ON audit USING btree (((detail ->> 'requestId'::text))) WHERE (detail ? 'requestId'::text)
  CREATE INDEX audit_subject ON audit USING btree (subject, id DESC)
  CREATE INDEX audit_tenant ON audit USING btree (tenant_id, id DESC)
  CREATE INDEX audit_time ON audit USING btree (happened_at)
  CREATE UNIQUE INDEX audit_pkey ON audit USING btree (id)
  policy curator for insert to pregonero_curator with check (tenant_id IS NULL)
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for insert to pregonero_registrar with check true
  policy registrar_reads for select to pregonero_registrar using true
  grant insert, select to pregonero_app
  grant insert to pregonero_curator
  grant insert, select to pregonero_registrar

-- audit_seal
row security: on, forced
  audit_id bigint not null
  position bigint not null
  seal bytea not null
  sealed_at timestamp with time zone not null default now()
  PRIMARY KEY ("position")
  UNIQUE (audit_id)
  CREATE UNIQUE INDEX audit_seal_audit_id_key ON audit_seal USING btree (audit_id)
  CREATE UNIQUE INDEX audit_seal_pkey ON audit_seal USING btree ("position")
  policy registrar for all to pregonero_registrar using true with check true
  grant insert, select to pregonero_registrar

-- balance_notice
row security: on, forced
  balance_micro_usd bigint not null
  happened_at timestamp with time zone not null default now()
  id bigint not null generated always as identity
  tenant_id uuid not null
  threshold_micro_usd bigint not null
  told_at timestamp with time zone
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX balance_notice_untold ON balance_notice USING btree (happened_at) WHERE (told_at IS NULL)
  CREATE UNIQUE INDEX balance_notice_pkey ON balance_notice USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (happened_at, id, tenant_id, told_at) to pregonero_dispatcher

-- balance_threshold
row security: on, forced
  tenant_id uuid not null
  threshold_micro_usd bigint not null
  CHECK ((threshold_micro_usd >= 0))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (threshold_micro_usd, tenant_id)
  CREATE UNIQUE INDEX balance_threshold_pkey ON balance_threshold USING btree (threshold_micro_usd, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- bot
row security: on, forced
  account_hash bytea not null
  assistant_id uuid
  bot_key text not null
  bulk_next_at timestamp with time zone
  channel text not null
  created_at timestamp with time zone not null default now()
  id uuid not null
  is_held boolean not null default false
  may_send boolean not null default false
  name text not null
  paused_until timestamp with time zone
  poll_expires_at timestamp with time zone
  poll_owner text
  secrets bytea not null
  settings jsonb not null default '{}'::jsonb
  state text not null default 'active'::text
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  CHECK ((state = ANY (ARRAY['active'::text, 'needs-auth'::text, 'removed'::text])))
  FOREIGN KEY (assistant_id, tenant_id) REFERENCES assistant(id, tenant_id)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (account_hash)
  UNIQUE (bot_key)
  UNIQUE (id)
  CREATE INDEX bot_assistant ON bot USING btree (assistant_id) WHERE (assistant_id IS NOT NULL)
  CREATE INDEX bot_held ON bot USING btree (poll_owner) WHERE is_held
  CREATE UNIQUE INDEX bot_account_hash_key ON bot USING btree (account_hash)
  CREATE UNIQUE INDEX bot_bot_key_key ON bot USING btree (bot_key)
  CREATE UNIQUE INDEX bot_id_key ON bot USING btree (id)
  CREATE UNIQUE INDEX bot_pkey ON bot USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_key, bulk_next_at, channel, id, is_held, may_send, paused_until, poll_expires_at, poll_owner, state, tenant_id, updated_at) to pregonero_dispatcher
  grant update (bulk_next_at, may_send, poll_expires_at, poll_owner) to pregonero_dispatcher
  grant select (id, secrets, tenant_id) to pregonero_rekeyer
  grant update (secrets) to pregonero_rekeyer

-- bot_session
row security: on, forced
  bot_id uuid not null
  code bytea
  code_expires_at timestamp with time zone
  report jsonb
  tenant_id uuid not null
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (bot_id, tenant_id)
  CREATE UNIQUE INDEX bot_session_pkey ON bot_session USING btree (bot_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_id, code, tenant_id) to pregonero_rekeyer
  grant update (code) to pregonero_rekeyer

-- breaker_order
row security: on, forced
  actor text not null
  at timestamp with time zone not null default now()
  model text not null
  reason text not null
  until timestamp with time zone
  PRIMARY KEY (model)
  CREATE UNIQUE INDEX breaker_order_pkey ON breaker_order USING btree (model)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- budget
row security: on, forced
  limit_micro_usd bigint not null
  period text not null
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  CHECK ((limit_micro_usd >= 0))
  CHECK ((period = ANY (ARRAY['message'::text, 'contact-day'::text, 'day'::text, 'month'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (period, tenant_id)
  CREATE UNIQUE INDEX budget_pkey ON budget USING btree (period, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- campaign
row security: on, forced
  approved_by text
  audience_id uuid
  audience_kind text
  bot_ids uuid[] not null
  changed_at timestamp with time zone not null default now()
  changed_by text not null
  content bytea not null
  created_at timestamp with time zone not null default now()
  created_by text not null
  ended_at timestamp with time zone
  id uuid not null
  is_listed boolean not null default false
  listing_cursor text
  pace_per_minute integer
  pause_reason text
  release_next_at timestamp with time zone
  revision integer not null default 1
  scheduled_by text
  segment_id uuid
  started_at timestamp with time zone
  starts_at timestamp with time zone
  state text not null default 'draft'::text
  tenant_id uuid not null
  time_zone text
  told_at timestamp with time zone
  CHECK ((audience_kind = ANY (ARRAY['contacts'::text, 'segment'::text, 'csv'::text])))
  CHECK ((pace_per_minute > 0))
  CHECK ((state = ANY (ARRAY['draft'::text, 'awaiting-approval'::text, 'scheduled'::text, 'sending'::text, 'paused'::text, 'done'::text, 'cancelled'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX campaign_running ON campaign USING btree (state) WHERE (state = ANY (ARRAY['scheduled'::text, 'sending'::text, 'cancelled'::text]))
  CREATE INDEX campaign_tenant ON campaign USING btree (tenant_id, created_at DESC, id DESC)
  CREATE UNIQUE INDEX campaign_pkey ON campaign USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (id, starts_at, state, tenant_id) to pregonero_dispatcher
  grant select (content, id, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- campaign_policy
row security: on, forced
  approval_above integer not null
  changed_at timestamp with time zone not null default now()
  tenant_id uuid not null
  CHECK ((approval_above >= 0))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX campaign_policy_pkey ON campaign_policy USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- campaign_recipient
row security: on, forced
  audience_id uuid not null
  campaign_id uuid not null
  changed_at timestamp with time zone not null default now()
  contact_id uuid
  conversation_id uuid
  created_at timestamp with time zone not null default now()
  id uuid not null
  line integer
  reason text
  state text not null default 'pending'::text
  tenant_id uuid not null
  variables bytea
  CHECK ((state = ANY (ARRAY['pending'::text, 'queued'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'unknown'::text, 'skipped'::text])))
  FOREIGN KEY (campaign_id, tenant_id) REFERENCES campaign(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE SET NULL (contact_id)
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX campaign_recipient_campaign ON campaign_recipient USING btree (campaign_id)
  CREATE INDEX campaign_recipient_conversation ON campaign_recipient USING btree (conversation_id)
  CREATE INDEX campaign_recipient_place ON campaign_recipient USING btree (audience_id, created_at, id)
  CREATE INDEX campaign_recipient_state ON campaign_recipient USING btree (audience_id, state, created_at, id)
  CREATE UNIQUE INDEX campaign_recipient_contact ON campaign_recipient USING btree (contact_id, audience_id) WHERE ((contact_id IS NOT NULL) AND (reason IS DISTINCT FROM 'duplicate'::text))
  CREATE UNIQUE INDEX campaign_recipient_pkey ON campaign_recipient USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (campaign_id, contact_id, id, reason, state, tenant_id) to pregonero_dispatcher
  grant update (changed_at, reason, state) to pregonero_dispatcher
  grant select (contact_id, conversation_id, id, tenant_id, variables) to pregonero_rekeyer
  grant update (variables) to pregonero_rekeyer

-- canned_reply
row security: on, forced
  id uuid not null
  name text not null
  revision integer not null default 1
  tenant_id uuid not null
  texts jsonb not null
  updated_at timestamp with time zone not null default now()
  used integer not null default 0
  used_at timestamp with time zone
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX canned_reply_name ON canned_reply USING btree (tenant_id, name)
  CREATE UNIQUE INDEX canned_reply_pkey ON canned_reply USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- chat_mark
row security: on, forced
  bot_id uuid not null
  chat_hash bytea not null
  mark bytea not null
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (chat_hash, bot_id, tenant_id)
  CREATE INDEX chat_mark_bot ON chat_mark USING btree (bot_id)
  CREATE UNIQUE INDEX chat_mark_pkey ON chat_mark USING btree (chat_hash, bot_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_id, chat_hash, mark, tenant_id) to pregonero_rekeyer
  grant update (mark) to pregonero_rekeyer

-- collected_document
row security: on, forced
  byte_count bigint not null
  content_hash text not null
  document_name text not null
  edition_id uuid
  etag text
  expectation_id uuid not null
  fetched_at timestamp with time zone not null
  file_key text not null
  id uuid not null
  last_modified text
  state text not null
  tenant_id uuid
  url text
  CHECK ((state = ANY (ARRAY['fetched'::text, 'accepted'::text, 'stored'::text, 'held'::text, 'rejected'::text])))
  FOREIGN KEY (edition_id) REFERENCES edition(id)
  FOREIGN KEY (expectation_id) REFERENCES edition_expectation(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  CREATE INDEX collected_document_edition ON collected_document USING btree (edition_id) WHERE (edition_id IS NOT NULL)
  CREATE UNIQUE INDEX collected_document_content ON collected_document USING btree (expectation_id, document_name, content_hash)
  CREATE UNIQUE INDEX collected_document_pkey ON collected_document USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- collection_attempt
row security: on, forced
  byte_count bigint not null default 0
  document_count integer not null default 0
  ended_at timestamp with time zone
  expectation_id uuid not null
  id uuid not null
  number integer not null
  outcome text
  owner text not null
  page_key text
  pages_done integer
  pages_total integer
  reason text
  reason_code text
  screenshot_key text
  started_at timestamp with time zone not null
  step text
  tenant_id uuid
  CHECK ((outcome = ANY (ARRAY['collected'::text, 'corrected'::text, 'unchanged'::text, 'absent'::text, 'failed'::text, 'held'::text, 'layout-changed'::text, 'interrupted'::text])))
  FOREIGN KEY (expectation_id) REFERENCES edition_expectation(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  CREATE INDEX collection_attempt_expectation ON collection_attempt USING btree (expectation_id, number)
  CREATE UNIQUE INDEX collection_attempt_pkey ON collection_attempt USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- collection_backfill
row security: on, forced
  asked_at timestamp with time zone not null
  asked_by text not null
  cancelled_at timestamp with time zone
  first_on date not null
  id uuid not null
  last_on date not null
  source_id uuid not null
  tenant_id uuid
  CHECK ((first_on <= last_on))
  FOREIGN KEY (source_id) REFERENCES source_collection(source_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  CREATE INDEX collection_backfill_source ON collection_backfill USING btree (source_id, asked_at DESC)
  CREATE UNIQUE INDEX collection_backfill_pkey ON collection_backfill USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- contact
row security: on, forced
  allowed_at timestamp with time zone
  block_reason bytea
  blocked_at timestamp with time zone
  consent text not null default 'unknown'::text
  created_at timestamp with time zone not null default now()
  id uuid not null
  identity bytea
  merged_into uuid
  pairing_failed_at timestamp with time zone
  pairing_failures smallint not null default 0
  profile bytea
  revision integer not null default 1
  source text not null default 'message'::text
  tenant_id uuid not null
  told_at timestamp with time zone
  told_for uuid
  updated_at timestamp with time zone not null default now()
  CHECK ((consent = ANY (ARRAY['unknown'::text, 'granted'::text, 'refused'::text])))
  CHECK ((source = ANY (ARRAY['message'::text, 'import'::text, 'person'::text])))
  FOREIGN KEY (merged_into, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX contact_blocked ON contact USING btree (tenant_id, created_at DESC, id DESC) WHERE ((merged_into IS NULL) AND (blocked_at IS NOT NULL))
  CREATE INDEX contact_consenting ON contact USING btree (tenant_id, consent, created_at DESC, id DESC) WHERE ((merged_into IS NULL) AND (consent <> 'unknown'::text))
  CREATE INDEX contact_list ON contact USING btree (tenant_id, created_at DESC, id DESC) WHERE (merged_into IS NULL)
  CREATE INDEX contact_part ON contact USING btree (merged_into) WHERE (merged_into IS NOT NULL)
  CREATE UNIQUE INDEX contact_pkey ON contact USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (blocked_at, consent, id, merged_into, tenant_id) to pregonero_dispatcher
  grant select (block_reason, id, identity, profile, tenant_id) to pregonero_rekeyer
  grant update (block_reason, identity, profile) to pregonero_rekeyer

-- contact_alias
row security: on, forced
  added_by text not null default 'network'::text
  alias_hash bytea not null
  channel text not null
  contact_id uuid not null
  created_at timestamp with time zone not null default now()
  kind text not null default 'network'::text
  lookup_hash bytea
  national_hash bytea
  tenant_id uuid not null
  value bytea
  CHECK ((kind = ANY (ARRAY['phone'::text, 'jid'::text, 'lid'::text, 'telegram'::text, 'visitor'::text, 'network'::text])))
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact(tenant_id, id) ON DELETE CASCADE
  PRIMARY KEY (alias_hash, channel, tenant_id)
  CREATE INDEX contact_alias_contact ON contact_alias USING btree (contact_id)
  CREATE INDEX contact_alias_lookup ON contact_alias USING btree (lookup_hash) WHERE (lookup_hash IS NOT NULL)
  CREATE INDEX contact_alias_national ON contact_alias USING btree (national_hash) WHERE (national_hash IS NOT NULL)
  CREATE UNIQUE INDEX contact_alias_pkey ON contact_alias USING btree (alias_hash, channel, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (alias_hash, channel, contact_id, tenant_id, value) to pregonero_rekeyer
  grant update (value) to pregonero_rekeyer

-- contact_consent
row security: on, forced
  actor text not null
  channel text
  contact_id uuid not null
  evidence bytea
  given_at timestamp with time zone not null
  how text not null
  id bigint not null generated always as identity
  recorded_at timestamp with time zone not null default now()
  state text not null
  tenant_id uuid not null
  CHECK ((how = ANY (ARRAY['message'::text, 'import'::text, 'person'::text, 'api'::text])))
  CHECK ((state = ANY (ARRAY['granted'::text, 'refused'::text])))
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX contact_consent_contact ON contact_consent USING btree (contact_id, id DESC)
  CREATE UNIQUE INDEX contact_consent_pkey ON contact_consent USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant insert, select to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (contact_id, evidence, given_at, id, tenant_id) to pregonero_rekeyer
  grant update (evidence) to pregonero_rekeyer

-- contact_import
row security: on, forced
  actor text not null
  bad_lines integer not null default 0
  began_at timestamp with time zone not null default now()
  busy_until timestamp with time zone not null
  created integer not null default 0
  finished_at timestamp with time zone
  id uuid not null
  is_dry_run boolean not null default false
  lines integer not null default 0
  request_id text
  skipped integer not null default 0
  state text not null default 'reading'::text
  tenant_id uuid not null
  updated integer not null default 0
  CHECK ((state = ANY (ARRAY['reading'::text, 'taking'::text, 'done'::text, 'refused'::text, 'abandoned'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX contact_import_left ON contact_import USING btree (busy_until) WHERE (state = ANY (ARRAY['reading'::text, 'taking'::text]))
  CREATE INDEX contact_import_list ON contact_import USING btree (tenant_id, began_at DESC, id DESC)
  CREATE UNIQUE INDEX contact_import_one ON contact_import USING btree (tenant_id) WHERE ((state = ANY (ARRAY['reading'::text, 'taking'::text])) AND (NOT is_dry_run))
  CREATE UNIQUE INDEX contact_import_pkey ON contact_import USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (busy_until, id, state, tenant_id) to pregonero_dispatcher

-- contact_import_batch
row security: on, forced
  contacts bytea not null
  id uuid not null
  import_id uuid not null
  position integer not null
  tenant_id uuid not null
  FOREIGN KEY (import_id, tenant_id) REFERENCES contact_import(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX contact_import_batch_pkey ON contact_import_batch USING btree (id, tenant_id)
  CREATE UNIQUE INDEX contact_import_batch_position ON contact_import_batch USING btree (import_id, "position")
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (contacts, id, tenant_id) to pregonero_rekeyer
  grant update (contacts) to pregonero_rekeyer

-- contact_merge
row security: on, forced
  actor text not null
  before jsonb not null
  from_id uuid not null
  id uuid not null
  into_id uuid not null
  merged_at timestamp with time zone not null default now()
  tenant_id uuid not null
  undone_at timestamp with time zone
  undone_by text
  FOREIGN KEY (from_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (into_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX contact_merge_from ON contact_merge USING btree (from_id)
  CREATE INDEX contact_merge_into ON contact_merge USING btree (into_id)
  CREATE UNIQUE INDEX contact_merge_pkey ON contact_merge USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- contact_tag
row security: on, forced
  contact_id uuid not null
  tag text not null
  tenant_id uuid not null
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (contact_id, tag, tenant_id)
  CREATE INDEX contact_tag_tag ON contact_tag USING btree (tenant_id, tag, contact_id)
  CREATE UNIQUE INDEX contact_tag_pkey ON contact_tag USING btree (contact_id, tag, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- contact_word
row security: on, forced
  contact_id uuid not null
  origin text not null
  tenant_id uuid not null
  word_hash bytea not null
  CHECK ((origin = ANY (ARRAY['network'::text, 'profile'::text])))
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (word_hash, contact_id, origin, tenant_id)
  CREATE INDEX contact_word_contact ON contact_word USING btree (contact_id)
  CREATE UNIQUE INDEX contact_word_pkey ON contact_word USING btree (word_hash, contact_id, origin, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- conversation
row security: on, forced
  asked_at timestamp with time zone
  asked_why text
  assignee uuid
  bot_id uuid not null
  broadcasts_chosen_at timestamp with time zone
  chat bytea not null
  chat_hash bytea not null
  contact_id uuid
  created_at timestamp with time zone not null default now()
  desk_state text not null default 'open'::text
  due_at timestamp with time zone
  heard_at timestamp with time zone
  held_by uuid
  held_since timestamp with time zone
  held_until timestamp with time zone
  hold_token bigint not null default 0
  id uuid not null
  is_reachable boolean not null default true
  kind text not null
  last_inbound_at timestamp with time zone
  last_message_at timestamp with time zone not null default now()
  lease_crashes integer not null default 0
  lease_expires_at timestamp with time zone
  lease_owner text
  lease_token bigint not null default 0
  memory bytea
  person_said_at timestamp with time zone
  send_next_at timestamp with time zone
  takes_broadcasts boolean not null default true
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  window_closed_at timestamp with time zone
  CHECK ((desk_state = ANY (ARRAY['open'::text, 'waiting-for-person'::text, 'with-person'::text, 'closed'::text])))
  CHECK ((kind = ANY (ARRAY['private'::text, 'group'::text])))
  FOREIGN KEY (assignee, tenant_id) REFERENCES membership(person_id, tenant_id) ON DELETE SET NULL (assignee)
  FOREIGN KEY (held_by, tenant_id) REFERENCES membership(person_id, tenant_id) ON DELETE SET NULL (held_by)
  FOREIGN KEY (tenant_id, bot_id) REFERENCES bot(tenant_id, id)
  FOREIGN KEY (tenant_id, contact_id) REFERENCES contact(tenant_id, id) ON DELETE SET NULL (contact_id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (chat_hash, bot_id, tenant_id)
  CREATE INDEX conversation_activity ON conversation USING btree (bot_id, last_message_at DESC, id DESC)
  CREATE INDEX conversation_assignee ON conversation USING btree (assignee, last_message_at DESC, id DESC) WHERE (assignee IS NOT NULL)
  CREATE INDEX conversation_contact ON conversation USING btree (contact_id)
  CREATE INDEX conversation_desk ON conversation USING btree (desk_state, tenant_id, last_message_at DESC, id DESC) WHERE (desk_state <> 'open'::text)
  CREATE INDEX conversation_due ON conversation USING btree (tenant_id, bot_id, due_at) WHERE (due_at IS NOT NULL)
  CREATE INDEX conversation_held ON conversation USING btree (held_until) WHERE (held_until IS NOT NULL)
  CREATE INDEX conversation_holder ON conversation USING btree (held_by) WHERE (held_by IS NOT NULL)
  CREATE UNIQUE INDEX conversation_chat_hash_bot_id_tenant_id_key ON conversation USING btree (chat_hash, bot_id, tenant_id)
  CREATE UNIQUE INDEX conversation_pkey ON conversation USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_id, due_at, held_by, held_until, id, kind, last_inbound_at, lease_crashes, lease_expires_at, lease_owner, lease_token, send_next_at, takes_broadcasts, tenant_id, window_closed_at) to pregonero_dispatcher
  grant update (due_at, lease_crashes, lease_expires_at, lease_owner, lease_token, send_next_at, window_closed_at) to pregonero_dispatcher
  grant select (bot_id, chat, chat_hash, contact_id, id, memory, tenant_id) to pregonero_rekeyer
  grant update (chat, memory) to pregonero_rekeyer

-- conversation_note
row security: on, forced
  author uuid
  content bytea not null
  conversation_id uuid not null
  id uuid not null
  noted_at timestamp with time zone not null default now()
  tenant_id uuid not null
  FOREIGN KEY (author, tenant_id) REFERENCES membership(person_id, tenant_id) ON DELETE SET NULL (author)
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX conversation_note_author ON conversation_note USING btree (author) WHERE (author IS NOT NULL)
  CREATE INDEX conversation_note_conversation ON conversation_note USING btree (conversation_id, noted_at)
  CREATE UNIQUE INDEX conversation_note_pkey ON conversation_note USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (content, conversation_id, id, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- conversation_seen
row security: on, forced
  conversation_id uuid not null
  person_id uuid not null
  seen_at timestamp with time zone not null
  tenant_id uuid not null
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (person_id, tenant_id) REFERENCES membership(person_id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (conversation_id, person_id, tenant_id)
  CREATE INDEX conversation_seen_person ON conversation_seen USING btree (person_id)
  CREATE UNIQUE INDEX conversation_seen_pkey ON conversation_seen USING btree (conversation_id, person_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- conversation_tag
row security: on, forced
  conversation_id uuid not null
  tag text not null
  tenant_id uuid not null
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (conversation_id, tag, tenant_id)
  CREATE INDEX conversation_tag_tag ON conversation_tag USING btree (tag, tenant_id, conversation_id)
  CREATE UNIQUE INDEX conversation_tag_pkey ON conversation_tag USING btree (conversation_id, tag, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- conversation_word
row security: on, forced
  conversation_id uuid not null
  tenant_id uuid not null
  word_hash bytea not null
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (conversation_id, word_hash, tenant_id)
  CREATE INDEX conversation_word_word ON conversation_word USING btree (word_hash, tenant_id, conversation_id)
  CREATE UNIQUE INDEX conversation_word_pkey ON conversation_word USING btree (conversation_id, word_hash, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- corpus_statistic
row security: on, forced
  generation bigint not null default 1
  language text not null
  page_count bigint not null default 0
  passage_count bigint not null default 0
  tenant_id uuid
  word_count bigint not null default 0
  CHECK ((language = ANY (ARRAY['es'::text, 'pt'::text, 'en'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  CREATE UNIQUE INDEX corpus_statistic_scope ON corpus_statistic USING btree (COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid), language)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- counted_question
row security: on, forced
  day date not null
  message_id uuid not null
  refused_by text
  tenant_id uuid not null
  CHECK ((refused_by = ANY (ARRAY['day'::text, 'contact-day'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (message_id, tenant_id)
  CREATE INDEX counted_question_day ON counted_question USING btree (tenant_id, day)
  CREATE INDEX counted_question_refused ON counted_question USING btree (tenant_id, day) WHERE (refused_by IS NOT NULL)
  CREATE UNIQUE INDEX counted_question_pkey ON counted_question USING btree (message_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- desk_message
row security: on, forced
  author uuid
  conversation_id uuid not null
  id uuid not null
  kind text not null
  said_at timestamp with time zone not null default now()
  tenant_id uuid not null
  CHECK ((kind = ANY (ARRAY['reply'::text, 'notice'::text, 'phone'::text])))
  FOREIGN KEY (author, tenant_id) REFERENCES membership(person_id, tenant_id) ON DELETE SET NULL (author)
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX desk_message_author ON desk_message USING btree (author) WHERE (author IS NOT NULL)
  CREATE INDEX desk_message_conversation ON desk_message USING btree (conversation_id, said_at)
  CREATE UNIQUE INDEX desk_message_pkey ON desk_message USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- document
row security: on, forced
  checked_at timestamp with time zone
  created_at timestamp with time zone not null
  deleting_at timestamp with time zone
  id uuid not null
  is_public boolean not null
  language text not null
  revision integer not null default 1
  source_id uuid not null
  tenant_id uuid not null
  title text not null
  url bytea
  CHECK ((language = ANY (ARRAY['es'::text, 'pt'::text, 'en'::text])))
  FOREIGN KEY (source_id, tenant_id) REFERENCES source(id, tenant_id)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX document_deleting ON document USING btree (deleting_at) WHERE (deleting_at IS NOT NULL)
  CREATE INDEX document_listed ON document USING btree (tenant_id, created_at DESC, id DESC) WHERE (deleting_at IS NULL)
  CREATE UNIQUE INDEX document_pkey ON document USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (deleting_at, id, is_public, tenant_id) to pregonero_dispatcher
  grant select (id, tenant_id, url) to pregonero_rekeyer
  grant update (url) to pregonero_rekeyer

-- document_version
row security: on, forced
  attempts integer not null default 0
  byte_count bigint not null default 0
  content_hash text
  created_at timestamp with time zone not null
  document_id uuid not null
  done integer not null default 0
  edition_id uuid
  file_key text
  file_name text not null
  format text
  http_etag text
  http_last_modified text
  id uuid not null
  is_current boolean not null default false
  lease_owner text
  lease_until timestamp with time zone
  problem text
  problem_code text
  ready_at timestamp with time zone
  state text not null
  tenant_id uuid not null
  total integer
  version integer not null
  CHECK ((format = ANY (ARRAY['pdf'::text, 'docx'::text, 'html'::text, 'markdown'::text, 'text'::text])))
  CHECK ((state = ANY (ARRAY['receiving'::text, 'queued'::text, 'fetching'::text, 'reading'::text, 'indexing'::text, 'ready'::text, 'failed'::text])))
  FOREIGN KEY (document_id, tenant_id) REFERENCES document(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (edition_id, tenant_id) REFERENCES edition(id, tenant_id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (document_id, version)
  CREATE INDEX document_version_due ON document_version USING btree (created_at) WHERE (state = ANY (ARRAY['receiving'::text, 'queued'::text, 'fetching'::text, 'reading'::text, 'indexing'::text]))
  CREATE INDEX document_version_edition ON document_version USING btree (edition_id) WHERE (edition_id IS NOT NULL)
  CREATE UNIQUE INDEX document_version_current ON document_version USING btree (document_id) WHERE is_current
  CREATE UNIQUE INDEX document_version_document_id_version_key ON document_version USING btree (document_id, version)
  CREATE UNIQUE INDEX document_version_pkey ON document_version USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (attempts, created_at, document_id, id, lease_owner, lease_until, state, tenant_id) to pregonero_dispatcher
  grant update (attempts, lease_owner, lease_until) to pregonero_dispatcher

-- edition
row security: on, forced
  act_count integer not null default 0
  content_hash text not null
  document_name text not null
  entities_version integer not null default 0
  file_key text not null
  id uuid not null
  ingested_at timestamp with time zone not null default now()
  number text
  ocr_page_count integer not null default 0
  page_count integer not null
  published_on date not null
  revision integer not null default 1
  source_id uuid not null
  superseded_by uuid
  tenant_id uuid
  FOREIGN KEY (source_id) REFERENCES source(id)
  FOREIGN KEY (superseded_by) REFERENCES edition(id)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  UNIQUE (id, tenant_id)
  CREATE INDEX edition_content ON edition USING btree (source_id, content_hash)
  CREATE INDEX edition_date ON edition USING btree (published_on)
  CREATE INDEX edition_ingested ON edition USING btree (ingested_at)
  CREATE INDEX edition_unread ON edition USING btree (entities_version, ingested_at) WHERE (superseded_by IS NULL)
  CREATE UNIQUE INDEX edition_current_content ON edition USING btree (source_id, content_hash) WHERE (superseded_by IS NULL)
  CREATE UNIQUE INDEX edition_document ON edition USING btree (source_id, published_on, document_name) WHERE (superseded_by IS NULL)
  CREATE UNIQUE INDEX edition_id_tenant_id_key ON edition USING btree (id, tenant_id)
  CREATE UNIQUE INDEX edition_pkey ON edition USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser
  grant select (entities_version, id, ingested_at, superseded_by, tenant_id) to pregonero_dispatcher

-- edition_expectation
row security: on, forced
  alerted_at timestamp with time zone
  attempts integer not null default 0
  changed_at timestamp with time zone not null
  closes_at timestamp with time zone not null
  created_at timestamp with time zone not null
  expected_at timestamp with time zone not null
  failures integer not null default 0
  id uuid not null
  late_at timestamp with time zone not null
  next_attempt_at timestamp with time zone
  published_on date not null
  reason text
  reason_code text
  rechecks_left integer not null default 0
  source_id uuid not null
  state text not null
  state_before text
  tenant_id uuid
  CHECK ((state = ANY (ARRAY['expected'::text, 'collecting'::text, 'collected'::text, 'late'::text, 'missing'::text, 'failed'::text, 'held-for-review'::text, 'needs-attention'::text, 'corrected'::text, 'not-published'::text])))
  FOREIGN KEY (source_id) REFERENCES source_collection(source_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  UNIQUE (source_id, published_on)
  CREATE INDEX edition_expectation_due ON edition_expectation USING btree (source_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL)
  CREATE INDEX edition_expectation_unalerted ON edition_expectation USING btree (source_id, late_at) WHERE (alerted_at IS NULL)
  CREATE UNIQUE INDEX edition_expectation_pkey ON edition_expectation USING btree (id)
  CREATE UNIQUE INDEX edition_expectation_source_id_published_on_key ON edition_expectation USING btree (source_id, published_on)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy figures for select to pregonero_dispatcher using true
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser
  grant select (state, tenant_id) to pregonero_dispatcher

-- edition_index
row security: on, forced
  act_positions integer[] not null
  edition_id uuid not null
  language text not null
  last_pages integer[] not null
  pages integer[] not null
  passage_ids bigint[] not null
  tenant_id uuid
  word_counts integer[] not null
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id)
  CREATE UNIQUE INDEX edition_index_pkey ON edition_index USING btree (edition_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- edition_match
row security: on, forced
  edition_id uuid not null
  finished_at timestamp with time zone
  matches integer not null default 0
  place text not null default ''::text
  revision integer not null default 1
  started_at timestamp with time zone not null default now()
  state text not null default 'matching'::text
  tenant_id uuid not null
  CHECK ((state = ANY (ARRAY['matching'::text, 'done'::text])))
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id, tenant_id)
  CREATE UNIQUE INDEX edition_match_pkey ON edition_match USING btree (edition_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- edition_publisher
row security: on, forced
  allowed_at timestamp with time zone not null default now()
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX edition_publisher_pkey ON edition_publisher USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for select to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant)))
  policy registrar for all to pregonero_registrar using true with check true
  policy routing for all to pregonero_dispatcher using true with check true
  grant select to pregonero_app
  grant insert, select to pregonero_dispatcher
  grant delete, select to pregonero_eraser
  grant delete, insert, select to pregonero_registrar

-- event
row security: on, forced
  detail jsonb not null default '{}'::jsonb
  happened_at timestamp with time zone not null default now()
  id bigint not null generated always as identity
  kind text not null
  position bigint
  tenant_id uuid
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  CREATE INDEX event_tenant ON event USING btree (tenant_id, "position")
  CREATE INDEX event_unplaced ON event USING btree (id) WHERE ("position" IS NULL)
  CREATE UNIQUE INDEX event_pkey ON event USING btree (id)
  CREATE UNIQUE INDEX event_position ON event USING btree ("position")
  policy curator for insert to pregonero_curator with check (tenant_id IS NULL)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for insert to pregonero_registrar with check true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select to pregonero_app
  grant insert to pregonero_curator
  grant delete, insert, select to pregonero_dispatcher
  grant delete, select to pregonero_eraser
  grant insert to pregonero_registrar
  grant update (position) to pregonero_dispatcher

-- expectation_change
row security: on, forced
  changed_at timestamp with time zone not null
  expectation_id uuid not null
  from_state text
  id bigint not null generated always as identity
  reason text
  reason_code text
  tenant_id uuid
  to_state text not null
  FOREIGN KEY (expectation_id) REFERENCES edition_expectation(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  CREATE INDEX expectation_change_expectation ON expectation_change USING btree (expectation_id, id)
  CREATE UNIQUE INDEX expectation_change_pkey ON expectation_change USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- feature_switch
row security: on, forced
  actor text not null
  feature text not null
  is_off boolean not null
  reason text not null
  since timestamp with time zone not null default now()
  tenant_id uuid
  CHECK (((tenant_id IS NULL) OR is_off))
  CHECK ((feature = ANY (ARRAY['planner'::text, 'models'::text, 'ocr'::text, 'media'::text, 'broadcasts'::text, 'new-conversations'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id) ON DELETE CASCADE
  UNIQUE NULLS NOT DISTINCT (feature, tenant_id)
  CREATE UNIQUE INDEX feature_switch_feature_tenant_id_key ON feature_switch USING btree (feature, tenant_id) NULLS NOT DISTINCT
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  grant select to pregonero_app
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar

-- feedback
row security: on, forced
  bot_id uuid not null
  comment bytea
  contact_id uuid not null
  conversation_id uuid not null
  day date not null
  given_by text not null
  id uuid not null
  judged_at timestamp with time zone not null
  message_id uuid not null
  outbox_id uuid
  tenant_id uuid not null
  vote text
  CHECK (((comment IS NULL) OR (vote IS NOT NULL)))
  CHECK ((given_by = ANY (ARRAY['page'::text, 'reaction'::text])))
  CHECK ((vote = ANY (ARRAY['up'::text, 'down'::text])))
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (message_id, tenant_id) REFERENCES inbox(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (outbox_id, tenant_id) REFERENCES outbox(id, tenant_id) ON DELETE SET NULL (outbox_id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (message_id, contact_id, tenant_id)
  CREATE INDEX feedback_contact ON feedback USING btree (contact_id)
  CREATE INDEX feedback_conversation ON feedback USING btree (conversation_id)
  CREATE INDEX feedback_given ON feedback USING btree (tenant_id, judged_at DESC, id DESC) WHERE (vote IS NOT NULL)
  CREATE INDEX feedback_outbox ON feedback USING btree (outbox_id) WHERE (outbox_id IS NOT NULL)
  CREATE UNIQUE INDEX feedback_message_id_contact_id_tenant_id_key ON feedback USING btree (message_id, contact_id, tenant_id)
  CREATE UNIQUE INDEX feedback_pkey ON feedback USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (comment, id, tenant_id) to pregonero_rekeyer
  grant update (comment) to pregonero_rekeyer

-- idempotency_key
row security: on, forced
  answer bytea
  expires_at timestamp with time zone not null
  fence integer not null default 1
  key_hash bytea not null
  leased_until timestamp with time zone not null
  operation_id uuid not null
  request_hash bytea not null
  tenant_id uuid not null
  CHECK ((fence > 0))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (key_hash, tenant_id)
  CREATE INDEX idempotency_key_expiry ON idempotency_key USING btree (expires_at)
  CREATE UNIQUE INDEX idempotency_key_pkey ON idempotency_key USING btree (key_hash, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy expiry for delete to pregonero_dispatcher using true
  policy expiry_reads for select to pregonero_dispatcher using true
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete to pregonero_dispatcher
  grant delete, select to pregonero_eraser
  grant select (expires_at) to pregonero_dispatcher
  grant select (answer, key_hash, operation_id, tenant_id) to pregonero_rekeyer
  grant update (answer) to pregonero_rekeyer

-- identity_provider
row security: on, forced
  client_id text not null
  client_secret bytea not null
  domain_role text not null default 'viewer'::text
  domains text[] not null default '{}'::text[]
  issuer text not null
  revision integer not null default 1
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  CHECK ((domain_role = ANY (ARRAY['editor'::text, 'agent'::text, 'viewer'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX identity_provider_pkey ON identity_provider USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (client_secret, tenant_id) to pregonero_rekeyer
  grant update (client_secret) to pregonero_rekeyer

-- inbox
row security: on, forced
  answered_at timestamp with time zone
  attempts integer not null default 0
  bot_id uuid not null
  burst_ends_at timestamp with time zone
  conversation_id uuid not null
  dead_reason text
  id uuid not null
  message bytea
  not_before timestamp with time zone not null default now()
  position bigint not null generated always as identity
  received_at timestamp with time zone not null default now()
  revision smallint not null default 0
  skip_reason text
  state text not null default 'pending'::text
  tenant_id uuid not null
  update_key text not null
  CHECK ((state = ANY (ARRAY['pending'::text, 'answered'::text, 'dead'::text, 'dropped'::text])))
  FOREIGN KEY (tenant_id, bot_id) REFERENCES bot(tenant_id, id)
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation(tenant_id, id)
  PRIMARY KEY (id, tenant_id)
  UNIQUE (update_key, bot_id, tenant_id)
  CREATE INDEX inbox_conversation ON inbox USING btree (conversation_id, received_at)
  CREATE INDEX inbox_dead ON inbox USING btree (tenant_id, received_at) WHERE (state = 'dead'::text)
  CREATE INDEX inbox_pending ON inbox USING btree (conversation_id, "position") WHERE (state = 'pending'::text)
  CREATE UNIQUE INDEX inbox_pkey ON inbox USING btree (id, tenant_id)
  CREATE UNIQUE INDEX inbox_update_key_bot_id_tenant_id_key ON inbox USING btree (update_key, bot_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_id, conversation_id, dead_reason, id, not_before, position, received_at, skip_reason, state, tenant_id) to pregonero_dispatcher
  grant select (bot_id, conversation_id, id, message, position, tenant_id) to pregonero_rekeyer
  grant update (message) to pregonero_rekeyer

-- invitation
row security: on, forced
  closed_at timestamp with time zone
  email bytea not null
  email_hash bytea not null
  expires_at timestamp with time zone not null
  id uuid not null
  invited_at timestamp with time zone not null
  role text not null
  tenant_id uuid
  token_hash bytea not null
  CHECK ((role = ANY (ARRAY['owner'::text, 'editor'::text, 'agent'::text, 'viewer'::text, 'platform-admin'::text, 'operator'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  UNIQUE (token_hash)
  CREATE INDEX invitation_tenant ON invitation USING btree (tenant_id, invited_at, id) WHERE (closed_at IS NULL)
  CREATE UNIQUE INDEX invitation_open ON invitation USING btree (email_hash, tenant_id) NULLS NOT DISTINCT WHERE (closed_at IS NULL)
  CREATE UNIQUE INDEX invitation_pkey ON invitation USING btree (id)
  CREATE UNIQUE INDEX invitation_token_hash_key ON invitation USING btree (token_hash)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar
  grant select (id, role, tenant_id) to pregonero_app
  grant select (email, id, tenant_id) to pregonero_rekeyer
  grant update (email) to pregonero_rekeyer

-- knowledge_set
row security: on, forced
  all_documents boolean not null
  all_gazettes boolean not null
  description text not null default ''::text
  gazettes text[] not null default '{}'::text[]
  id uuid not null
  name text not null
  revision integer not null default 1
  tenant_id uuid not null
  updated_at timestamp with time zone not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX knowledge_set_name ON knowledge_set USING btree (tenant_id, name)
  CREATE UNIQUE INDEX knowledge_set_pkey ON knowledge_set USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- knowledge_set_document
row security: on, forced
  document_id uuid not null
  knowledge_set_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (document_id, tenant_id) REFERENCES document(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (knowledge_set_id, tenant_id) REFERENCES knowledge_set(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (knowledge_set_id, document_id)
  CREATE INDEX knowledge_set_document_document ON knowledge_set_document USING btree (document_id)
  CREATE UNIQUE INDEX knowledge_set_document_pkey ON knowledge_set_document USING btree (knowledge_set_id, document_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- lexeme
row security: on, forced
  language text not null
  lexeme text not null collate "C"
  passage_count integer not null
  tenant_id uuid
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  CREATE UNIQUE INDEX lexeme_scope ON lexeme USING btree (lexeme, language, COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid))
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- lexeme_spelling
row security: on, forced
  language text not null
  lexeme text not null collate "C"
  spelling text not null collate "C"
  tenant_id uuid
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  CREATE INDEX lexeme_spelling_lexeme ON lexeme_spelling USING btree (lexeme)
  CREATE UNIQUE INDEX lexeme_spelling_scope ON lexeme_spelling USING btree (spelling, language, lexeme, COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid))
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- look_up_key
row security: on, forced
  envelope bytea not null
  id boolean not null default true
  made_at timestamp with time zone not null
  CHECK (id)
  PRIMARY KEY (id)
  CREATE UNIQUE INDEX look_up_key_pkey ON look_up_key USING btree (id)
  policy registrar for all to pregonero_registrar using true with check true
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant insert, select to pregonero_registrar
  grant select (envelope, id) to pregonero_rekeyer
  grant update (envelope) to pregonero_rekeyer

-- media_file
row security: on, forced
  bot_id uuid not null
  content bytea not null
  expires_at timestamp with time zone not null
  id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX media_file_expiry ON media_file USING btree (tenant_id, expires_at)
  CREATE UNIQUE INDEX media_file_pkey ON media_file USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_id, content, id, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- membership
row security: on, forced
  created_at timestamp with time zone not null
  disabled_at timestamp with time zone
  person_id uuid not null
  role text not null
  tenant_id uuid not null
  CHECK ((role = ANY (ARRAY['owner'::text, 'editor'::text, 'agent'::text, 'viewer'::text])))
  FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (person_id, tenant_id)
  CREATE INDEX membership_tenant ON membership USING btree (tenant_id, created_at, person_id)
  CREATE UNIQUE INDEX membership_pkey ON membership USING btree (person_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar
  grant select (disabled_at, person_id, role, tenant_id) to pregonero_app

-- model_call
row security: on, forced
  cached_input_tokens integer
  called_at timestamp with time zone not null default now()
  called_on date not null
  contact_id uuid
  cost_micro_usd bigint
  first_token_ms integer
  id uuid not null
  input_tokens integer
  is_estimate boolean not null default false
  message_id uuid not null
  model text not null
  outcome text
  output_tokens integer
  purpose text not null
  reserved_from text[] not null
  reserved_micro_usd bigint not null
  settled_at timestamp with time zone
  state text not null
  tenant_id uuid not null
  CHECK ((cached_input_tokens >= 0))
  CHECK ((cost_micro_usd >= 0))
  CHECK ((first_token_ms >= 0))
  CHECK ((input_tokens >= 0))
  CHECK ((output_tokens >= 0))
  CHECK ((reserved_micro_usd >= 0))
  CHECK ((state = ANY (ARRAY['reserved'::text, 'settled'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX model_call_day ON model_call USING btree (called_on, tenant_id)
  CREATE INDEX model_call_message ON model_call USING btree (message_id)
  CREATE INDEX model_call_open ON model_call USING btree (called_at) WHERE (state = 'reserved'::text)
  CREATE UNIQUE INDEX model_call_pkey ON model_call USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (called_at, called_on, first_token_ms, id, model, outcome, settled_at, state, tenant_id) to pregonero_dispatcher

-- news_template
row security: on, forced
  kind text not null
  language text not null
  name text not null
  parameters jsonb not null
  set_at timestamp with time zone not null default now()
  set_by text not null
  tenant_id uuid not null
  CHECK ((kind = ANY (ARRAY['alert'::text, 'digest'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (kind, language, tenant_id)
  CREATE UNIQUE INDEX news_template_pkey ON news_template USING btree (kind, language, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- outbox
row security: on, forced
  attempt_owner text
  attempted_at timestamp with time zone
  attempts integer not null default 0
  bot_id uuid not null
  conversation_id uuid not null
  created_at timestamp with time zone not null default now()
  delivered_at timestamp with time zone
  delivery text
  desk_message_id uuid
  id uuid not null
  message_id uuid
  network_message_id text
  not_before timestamp with time zone not null default now()
  part bytea
  position bigint not null generated always as identity
  priority smallint not null default 1
  read_at timestamp with time zone
  reason text
  recipient_id uuid
  resend_of uuid
  settled_at timestamp with time zone
  skip_reason text
  state text not null default 'queued'::text
  tenant_id uuid not null
  waits integer not null default 0
  CHECK ((delivery = ANY (ARRAY['sent'::text, 'delivered'::text, 'read'::text, 'failed'::text])))
  CHECK ((priority = ANY (ARRAY[0, 1, 2])))
  CHECK ((state = ANY (ARRAY['queued'::text, 'attempting'::text, 'sent'::text, 'failed'::text, 'unknown'::text])))
  FOREIGN KEY (desk_message_id, tenant_id) REFERENCES desk_message(id, tenant_id) ON DELETE SET NULL (desk_message_id)
  FOREIGN KEY (recipient_id, tenant_id) REFERENCES campaign_recipient(id, tenant_id) ON DELETE SET NULL (recipient_id)
  FOREIGN KEY (resend_of, tenant_id) REFERENCES outbox(id, tenant_id) ON DELETE SET NULL (resend_of)
  FOREIGN KEY (tenant_id, bot_id) REFERENCES bot(tenant_id, id)
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation(tenant_id, id)
  FOREIGN KEY (tenant_id, message_id) REFERENCES inbox(tenant_id, id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX outbox_attempting ON outbox USING btree (attempted_at) WHERE (state = 'attempting'::text)
  CREATE INDEX outbox_broadcast ON outbox USING btree (bot_id, not_before, "position") WHERE ((state = 'queued'::text) AND (priority = 2))
  CREATE INDEX outbox_desk_message ON outbox USING btree (desk_message_id) WHERE (desk_message_id IS NOT NULL)
  CREATE INDEX outbox_due ON outbox USING btree (tenant_id, bot_id, priority, not_before) WHERE ((state = 'queued'::text) AND (priority < 2))
  CREATE INDEX outbox_given_up ON outbox USING btree (tenant_id, id DESC) WHERE ((state = ANY (ARRAY['failed'::text, 'unknown'::text])) AND (skip_reason IS NULL))
  CREATE INDEX outbox_message ON outbox USING btree (message_id)
  CREATE INDEX outbox_network ON outbox USING btree (network_message_id) WHERE (network_message_id IS NOT NULL)
  CREATE INDEX outbox_recipient ON outbox USING btree (recipient_id) WHERE (recipient_id IS NOT NULL)
  CREATE INDEX outbox_trouble ON outbox USING btree (conversation_id) WHERE (state = ANY (ARRAY['failed'::text, 'unknown'::text]))
  CREATE INDEX outbox_trouble_lately ON outbox USING btree (tenant_id, settled_at) WHERE (state = ANY (ARRAY['failed'::text, 'unknown'::text]))
  CREATE INDEX outbox_unknown ON outbox USING btree (settled_at) WHERE (state = 'unknown'::text)
  CREATE INDEX outbox_unsettled ON outbox USING btree (conversation_id, priority, "position") WHERE (state = ANY (ARRAY['queued'::text, 'attempting'::text]))
  CREATE UNIQUE INDEX outbox_pkey ON outbox USING btree (id, tenant_id)
  CREATE UNIQUE INDEX outbox_resend ON outbox USING btree (resend_of, tenant_id) WHERE (resend_of IS NOT NULL)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (attempt_owner, attempted_at, attempts, bot_id, conversation_id, created_at, delivery, id, message_id, not_before, position, priority, reason, recipient_id, resend_of, settled_at, skip_reason, state, tenant_id) to pregonero_dispatcher
  grant update (attempt_owner, attempted_at, attempts, not_before, reason, settled_at, state) to pregonero_dispatcher
  grant select (bot_id, conversation_id, id, message_id, part, position, tenant_id) to pregonero_rekeyer
  grant update (part) to pregonero_rekeyer

-- page
row security: on, forced
  confidence real
  edition_id uuid not null
  given_up text
  height real not null
  next_try_at timestamp with time zone
  origin text not null
  page integer not null
  printed_page text
  tenant_id uuid
  text text not null
  tries smallint not null default 0
  width real not null
  CHECK (((confidence >= (0)::double precision) AND (confidence <= (100)::double precision)))
  CHECK ((origin = ANY (ARRAY['text-layer'::text, 'ocr'::text, 'empty'::text])))
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (edition_id, page)
  CREATE INDEX page_next_try ON page USING btree (next_try_at) WHERE (next_try_at IS NOT NULL)
  CREATE UNIQUE INDEX page_pkey ON page USING btree (edition_id, page)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser
  grant select (edition_id, next_try_at, tenant_id) to pregonero_dispatcher

-- pairing_code
row security: on, forced
  bot_id uuid not null
  code_hash bytea not null
  expires_at timestamp with time zone not null
  id uuid not null
  made_at timestamp with time zone not null default now()
  made_by text not null
  redeemed_at timestamp with time zone
  redeemed_by uuid
  tenant_id uuid not null
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  FOREIGN KEY (redeemed_by, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE SET NULL (redeemed_by)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX pairing_code_bot ON pairing_code USING btree (bot_id, made_at DESC)
  CREATE INDEX pairing_code_contact ON pairing_code USING btree (redeemed_by) WHERE (redeemed_by IS NOT NULL)
  CREATE UNIQUE INDEX pairing_code_code ON pairing_code USING btree (code_hash, bot_id, tenant_id)
  CREATE UNIQUE INDEX pairing_code_pkey ON pairing_code USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- passage
row security: on, forced
  act_position integer not null
  edition_id uuid not null
  heading text not null
  id bigint not null generated always as identity
  last_page integer not null
  lines jsonb not null
  page integer not null
  position integer not null
  printed_page text
  tenant_id uuid
  text text not null
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (edition_id, act_position) REFERENCES act(edition_id, "position") ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  UNIQUE (edition_id, "position")
  CREATE UNIQUE INDEX passage_edition_id_position_key ON passage USING btree (edition_id, "position")
  CREATE UNIQUE INDEX passage_pkey ON passage USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- passage_embedding
row security: on, forced
  edition_id uuid not null
  embedded_at timestamp with time zone not null default now()
  embedder_id text not null
  embedding vector not null
  passage_id bigint not null
  tenant_id uuid
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (passage_id) REFERENCES passage(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (passage_id, embedder_id)
  CREATE INDEX passage_embedding_edition ON passage_embedding USING btree (edition_id)
  CREATE UNIQUE INDEX passage_embedding_pkey ON passage_embedding USING btree (passage_id, embedder_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- passport_event
row security: on, forced
  detail jsonb not null default '{}'::jsonb
  happened_at timestamp with time zone not null default now()
  id bigint not null generated always as identity
  kind text not null
  message_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX passport_event_message ON passport_event USING btree (message_id, id)
  CREATE UNIQUE INDEX passport_event_pkey ON passport_event USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for insert to pregonero_dispatcher with check true
  grant delete, insert, select to pregonero_app
  grant insert to pregonero_dispatcher
  grant delete, select to pregonero_eraser

-- password_reset
row security: on, forced
  drops_totp boolean not null
  expires_at timestamp with time zone not null
  person_id uuid not null
  token_hash bytea not null
  used_at timestamp with time zone
  FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
  PRIMARY KEY (token_hash)
  CREATE INDEX password_reset_person ON password_reset USING btree (person_id)
  CREATE UNIQUE INDEX password_reset_pkey ON password_reset USING btree (token_hash)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- pause
row security: on, forced
  actor text not null
  bot_id uuid
  channel text
  id uuid not null
  is_platforms boolean not null
  reason text not null
  since timestamp with time zone not null default now()
  stops_answers boolean not null
  stops_sending boolean not null
  tenant_id uuid
  CHECK (((bot_id IS NULL) OR ((tenant_id IS NOT NULL) AND (channel IS NULL))))
  CHECK ((is_platforms OR (tenant_id IS NOT NULL)))
  CHECK ((stops_answers OR stops_sending))
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id) ON DELETE CASCADE
  PRIMARY KEY (id)
  UNIQUE NULLS NOT DISTINCT (tenant_id, bot_id, channel, is_platforms)
  CREATE UNIQUE INDEX pause_pkey ON pause USING btree (id)
  CREATE UNIQUE INDEX pause_tenant_id_bot_id_channel_is_platforms_key ON pause USING btree (tenant_id, bot_id, channel, is_platforms) NULLS NOT DISTINCT
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  policy routing for select to pregonero_dispatcher using true
  grant select to pregonero_app
  grant select to pregonero_dispatcher
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar

-- person
row security: on, forced
  created_at timestamp with time zone not null
  credential_version integer not null default 1
  disabled_at timestamp with time zone
  email bytea not null
  email_hash bytea not null
  id uuid not null
  last_sign_in_at timestamp with time zone
  name bytea not null
  password_hash text not null
  platform_role text
  totp bytea
  totp_pending bytea
  totp_step bigint not null default 0
  CHECK ((platform_role = ANY (ARRAY['platform-admin'::text, 'operator'::text])))
  PRIMARY KEY (id)
  UNIQUE (email_hash)
  CREATE UNIQUE INDEX person_email_hash_key ON person USING btree (email_hash)
  CREATE UNIQUE INDEX person_pkey ON person USING btree (id)
  policy registrar for all to pregonero_registrar using true with check true
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_registrar
  grant select (email, id, name, totp, totp_pending) to pregonero_rekeyer
  grant update (email, name, totp, totp_pending) to pregonero_rekeyer

-- person_identity
row security: on, forced
  issuer text not null
  linked_at timestamp with time zone not null
  person_id uuid not null
  subject_hash bytea not null
  FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
  PRIMARY KEY (issuer, subject_hash)
  CREATE INDEX person_identity_person ON person_identity USING btree (person_id)
  CREATE UNIQUE INDEX person_identity_pkey ON person_identity USING btree (issuer, subject_hash)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- person_session
row security: on, forced
  created_at timestamp with time zone not null
  end_reason text
  ended_at timestamp with time zone
  expires_at timestamp with time zone not null
  has_outside_factor boolean not null default false
  id uuid not null
  idle_at timestamp with time zone not null
  last_used_at timestamp with time zone not null
  origin bytea not null
  person_id uuid not null
  proved_at timestamp with time zone not null
  FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
  PRIMARY KEY (id)
  CREATE INDEX person_session_person ON person_session USING btree (person_id) WHERE (ended_at IS NULL)
  CREATE UNIQUE INDEX person_session_pkey ON person_session USING btree (id)
  policy registrar for all to pregonero_registrar using true with check true
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_registrar
  grant select (id, origin) to pregonero_rekeyer
  grant update (origin) to pregonero_rekeyer

-- plan
row security: on, forced
  changed_at timestamp with time zone not null default now()
  name text not null
  questions_per_contact_day integer
  questions_per_day integer
  revision integer not null default 1
  CHECK ((questions_per_contact_day > 0))
  CHECK ((questions_per_day > 0))
  PRIMARY KEY (name)
  CREATE UNIQUE INDEX plan_pkey ON plan USING btree (name)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- posting
row security: on, forced
  edition_id uuid not null
  heading_counts smallint[] not null
  language text not null
  lexeme text not null collate "C"
  ordinals integer[] not null
  tenant_id uuid
  text_counts smallint[] not null
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (lexeme, language, edition_id)
  CREATE INDEX posting_edition ON posting USING btree (edition_id)
  CREATE UNIQUE INDEX posting_pkey ON posting USING btree (lexeme, language, edition_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- prompt
row security: on, forced
  active_since timestamp with time zone not null default now()
  created_at timestamp with time zone not null default now()
  id uuid not null
  is_paused boolean not null default false
  is_scheduled boolean not null
  name text not null
  next_at timestamp with time zone
  removed_at timestamp with time zone
  revision integer not null default 1
  tenant_id uuid not null
  version integer not null default 1
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX prompt_name ON prompt USING btree (tenant_id, lower(name)) WHERE (removed_at IS NULL)
  CREATE UNIQUE INDEX prompt_pkey ON prompt USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (id, is_paused, is_scheduled, next_at, removed_at, tenant_id) to pregonero_dispatcher

-- prompt_run
row security: on, forced
  approved jsonb
  asked_at timestamp with time zone not null
  asked_by text not null
  changed_at timestamp with time zone not null
  dropped jsonb not null default '[]'::jsonb
  estimate jsonb
  failures integer not null default 0
  fence bigint not null default 0
  id uuid not null
  lease_owner text
  lease_until timestamp with time zone
  next_attempt_at timestamp with time zone
  prompt_id uuid not null
  reason text
  reason_code text
  review_reason text
  reviewed_at timestamp with time zone
  reviewed_by text
  revision integer not null default 1
  round integer not null default 0
  state text not null default 'queued'::text
  statements jsonb not null default '[]'::jsonb
  tenant_id uuid not null
  title text not null
  trigger text not null
  version integer not null
  CHECK (((state <> ALL (ARRAY['approved'::text, 'rejected'::text])) OR ((reviewed_by IS NOT NULL) AND (reviewed_at IS NOT NULL))))
  CHECK (((state = 'approved'::text) = (approved IS NOT NULL)))
  CHECK ((state = ANY (ARRAY['queued'::text, 'mapping'::text, 'reducing'::text, 'checking'::text, 'waiting-for-review'::text, 'approved'::text, 'rejected'::text, 'held'::text, 'failed'::text, 'cancelled'::text])))
  CHECK ((trigger = ANY (ARRAY['edition'::text, 'schedule'::text, 'person'::text])))
  FOREIGN KEY (prompt_id, tenant_id) REFERENCES prompt(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (prompt_id, version, tenant_id) REFERENCES prompt_version(prompt_id, version, tenant_id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX prompt_run_approved ON prompt_run USING btree (reviewed_at) WHERE (state = 'approved'::text)
  CREATE INDEX prompt_run_asked ON prompt_run USING btree (tenant_id, asked_at DESC, id DESC)
  CREATE INDEX prompt_run_due ON prompt_run USING btree (next_attempt_at) WHERE (next_attempt_at IS NOT NULL)
  CREATE INDEX prompt_run_prompt ON prompt_run USING btree (prompt_id, asked_at DESC)
  CREATE UNIQUE INDEX prompt_run_pkey ON prompt_run USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (fence, id, lease_owner, lease_until, next_attempt_at, prompt_id, reviewed_at, state, tenant_id) to pregonero_dispatcher
  grant update (fence, lease_owner, lease_until, next_attempt_at) to pregonero_dispatcher

-- prompt_run_edition
row security: on, forced
  edition_id uuid not null
  is_triggered boolean not null
  position integer not null
  prompt_id uuid not null
  revision integer not null default 1
  run_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (run_id, tenant_id) REFERENCES prompt_run(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (run_id, edition_id, tenant_id)
  CREATE INDEX prompt_run_edition_edition ON prompt_run_edition USING btree (edition_id)
  CREATE UNIQUE INDEX prompt_run_edition_once ON prompt_run_edition USING btree (prompt_id, edition_id) WHERE is_triggered
  CREATE UNIQUE INDEX prompt_run_edition_pkey ON prompt_run_edition USING btree (run_id, edition_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- prompt_run_page
row security: on, forced
  duty text not null
  edition_id uuid not null
  page integer not null
  passages integer not null
  passages_read integer not null default 0
  run_id uuid not null
  tenant_id uuid not null
  CHECK (((passages_read >= 0) AND (passages_read <= passages)))
  CHECK ((duty = ANY (ARRAY['read'::text, 'blank'::text, 'left-out'::text])))
  CHECK ((passages >= 0))
  FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE
  FOREIGN KEY (run_id, tenant_id) REFERENCES prompt_run(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (run_id, edition_id, page, tenant_id)
  CREATE INDEX prompt_run_page_edition ON prompt_run_page USING btree (edition_id)
  CREATE UNIQUE INDEX prompt_run_page_pkey ON prompt_run_page USING btree (run_id, edition_id, page, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- prompt_run_step
row security: on, forced
  done_at timestamp with time zone
  id uuid not null
  input jsonb not null
  level integer not null
  output jsonb
  position integer not null
  run_id uuid not null
  tenant_id uuid not null
  tries integer not null default 0
  FOREIGN KEY (run_id, tenant_id) REFERENCES prompt_run(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  UNIQUE (run_id, level, "position", tenant_id)
  CREATE UNIQUE INDEX prompt_run_step_pkey ON prompt_run_step USING btree (id, tenant_id)
  CREATE UNIQUE INDEX prompt_run_step_run_id_level_position_tenant_id_key ON prompt_run_step USING btree (run_id, level, "position", tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- prompt_version
row security: on, forced
  created_at timestamp with time zone not null default now()
  created_by text not null
  prompt_id uuid not null
  settings jsonb not null
  tenant_id uuid not null
  version integer not null
  FOREIGN KEY (prompt_id, tenant_id) REFERENCES prompt(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (prompt_id, version, tenant_id)
  CREATE UNIQUE INDEX prompt_version_pkey ON prompt_version USING btree (prompt_id, version, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- publication
row security: on, forced
  asked_by text not null
  claims integer not null default 0
  created_at timestamp with time zone not null default now()
  failures integer not null default 0
  id uuid not null
  next_at timestamp with time zone not null
  planned_at timestamp with time zone
  published_at timestamp with time zone
  reason text
  run_id uuid not null
  scheduled_for timestamp with time zone not null
  state text not null default 'scheduled'::text
  target_id uuid not null
  tenant_id uuid not null
  time_zone text
  CHECK ((state = ANY (ARRAY['scheduled'::text, 'publishing'::text, 'published'::text, 'unknown'::text, 'failed'::text, 'cancelled'::text])))
  FOREIGN KEY (run_id, tenant_id) REFERENCES prompt_run(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (target_id, tenant_id) REFERENCES publishing_target(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  UNIQUE (run_id, target_id, tenant_id)
  CREATE INDEX publication_due ON publication USING btree (next_at) WHERE (state = ANY (ARRAY['scheduled'::text, 'publishing'::text]))
  CREATE INDEX publication_target ON publication USING btree (target_id)
  CREATE INDEX publication_tenant ON publication USING btree (tenant_id, created_at DESC, id DESC)
  CREATE UNIQUE INDEX publication_pkey ON publication USING btree (id, tenant_id)
  CREATE UNIQUE INDEX publication_run_id_target_id_tenant_id_key ON publication USING btree (run_id, target_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (claims, id, next_at, published_at, run_id, state, target_id, tenant_id) to pregonero_dispatcher
  grant update (claims, next_at, state) to pregonero_dispatcher

-- publication_edition
row security: on, forced
  publication_id uuid not null
  published_on date not null
  source_slug text not null
  tenant_id uuid not null
  FOREIGN KEY (publication_id, tenant_id) REFERENCES publication(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (publication_id, source_slug, published_on, tenant_id)
  CREATE INDEX publication_edition_place ON publication_edition USING btree (source_slug, published_on)
  CREATE UNIQUE INDEX publication_edition_pkey ON publication_edition USING btree (publication_id, source_slug, published_on, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant select to pregonero_dispatcher
  grant delete, select to pregonero_eraser

-- publication_post
row security: on, forced
  attempted_at timestamp with time zone
  attempts integer not null default 0
  content bytea not null
  look_ups integer not null default 0
  network_id text
  position integer not null
  publication_id uuid not null
  reason text
  state text not null default 'pending'::text
  tenant_id uuid not null
  CHECK ((state = ANY (ARRAY['pending'::text, 'attempting'::text, 'sent'::text, 'unknown'::text, 'refused'::text])))
  FOREIGN KEY (publication_id, tenant_id) REFERENCES publication(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (publication_id, "position", tenant_id)
  CREATE UNIQUE INDEX publication_post_pkey ON publication_post USING btree (publication_id, "position", tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (content, position, publication_id, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- publishing_link
row security: on, forced
  created_at timestamp with time zone not null default now()
  prompt_id uuid not null
  target_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (prompt_id, tenant_id) REFERENCES prompt(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (target_id, tenant_id) REFERENCES publishing_target(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (target_id, prompt_id, tenant_id)
  CREATE INDEX publishing_link_prompt ON publishing_link USING btree (prompt_id)
  CREATE UNIQUE INDEX publishing_link_pkey ON publishing_link USING btree (target_id, prompt_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (prompt_id, target_id, tenant_id) to pregonero_dispatcher

-- publishing_target
row security: on, forced
  attention text
  bot_id uuid
  busy_until timestamp with time zone not null default '-infinity'::timestamp with time zone
  created_at timestamp with time zone not null default now()
  id uuid not null
  kind text not null
  name text not null
  revision integer not null default 1
  settings bytea not null
  state text not null default 'active'::text
  tenant_id uuid not null
  CHECK ((kind = ANY (ARRAY['x'::text, 'telegram-channel'::text, 'whatsapp-template'::text, 'edition-page'::text, 'email'::text, 'webhook'::text])))
  CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'needs-attention'::text])))
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX publishing_target_bot ON publishing_target USING btree (bot_id) WHERE (bot_id IS NOT NULL)
  CREATE INDEX publishing_target_tenant ON publishing_target USING btree (tenant_id, created_at, id)
  CREATE UNIQUE INDEX publishing_target_pkey ON publishing_target USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (busy_until, id, kind, state, tenant_id) to pregonero_dispatcher
  grant update (busy_until) to pregonero_dispatcher
  grant select (id, settings, tenant_id) to pregonero_rekeyer
  grant update (settings) to pregonero_rekeyer

-- question_asked
row security: on, forced
  bot_id uuid not null
  cluster_id uuid
  conversation_id uuid not null
  day date not null
  is_abstained boolean not null
  message_id uuid not null
  noted_at timestamp with time zone not null default now()
  tenant_id uuid not null
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  FOREIGN KEY (cluster_id, tenant_id) REFERENCES question_cluster(id, tenant_id) ON DELETE SET NULL (cluster_id)
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (message_id, tenant_id) REFERENCES inbox(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (message_id, tenant_id)
  CREATE INDEX question_asked_cluster ON question_asked USING btree (cluster_id) WHERE (cluster_id IS NOT NULL)
  CREATE INDEX question_asked_conversation ON question_asked USING btree (conversation_id)
  CREATE INDEX question_asked_tenant ON question_asked USING btree (tenant_id, day)
  CREATE UNIQUE INDEX question_asked_pkey ON question_asked USING btree (message_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- question_cluster
row security: on, forced
  id uuid not null
  label bytea not null
  made_at timestamp with time zone not null default now()
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX question_cluster_tenant ON question_cluster USING btree (tenant_id)
  CREATE UNIQUE INDEX question_cluster_pkey ON question_cluster USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (id, label, tenant_id) to pregonero_rekeyer
  grant update (label) to pregonero_rekeyer

-- question_count
row security: on, forced
  day date not null
  questions integer not null default 0
  subject text not null
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (day, subject, tenant_id)
  CREATE UNIQUE INDEX question_count_pkey ON question_count USING btree (day, subject, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- question_run
row security: on, forced
  finished_at timestamp with time zone
  is_stale boolean not null default false
  started_at timestamp with time zone
  tenant_id uuid not null
  token bigint not null default 0
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX question_run_pkey ON question_run USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant select to pregonero_dispatcher
  grant delete, select to pregonero_eraser

-- recovery_code
row security: on, forced
  code_hash bytea not null
  person_id uuid not null
  FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
  PRIMARY KEY (person_id, code_hash)
  CREATE UNIQUE INDEX recovery_code_pkey ON recovery_code USING btree (person_id, code_hash)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- refresh_token
row security: on, forced
  issued_at timestamp with time zone not null
  session_id uuid not null
  token_hash bytea not null
  used_at timestamp with time zone
  FOREIGN KEY (session_id) REFERENCES person_session(id) ON DELETE CASCADE
  PRIMARY KEY (token_hash)
  CREATE INDEX refresh_token_session ON refresh_token USING btree (session_id)
  CREATE UNIQUE INDEX refresh_token_pkey ON refresh_token USING btree (token_hash)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- retention_run
row security: on, forced
  cutoff timestamp with time zone not null
  deleted jsonb not null default '{}'::jsonb
  finished_at timestamp with time zone
  tenant_id uuid not null
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE UNIQUE INDEX retention_run_pkey ON retention_run USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (cutoff, finished_at, tenant_id) to pregonero_dispatcher

-- security_event
row security: on, forced
  count integer not null
  first_at timestamp with time zone not null
  id uuid not null
  kind text not null
  last_at timestamp with time zone not null
  minute timestamp with time zone not null
  source bytea not null
  source_hash bytea not null
  subject text not null
  tenant_id uuid
  CHECK ((count > 0))
  PRIMARY KEY (id)
  UNIQUE NULLS NOT DISTINCT (minute, kind, source_hash, subject, tenant_id)
  CREATE INDEX security_event_kind ON security_event USING btree (kind, minute DESC, id DESC)
  CREATE INDEX security_event_minute ON security_event USING btree (minute DESC, id DESC)
  CREATE INDEX security_event_source ON security_event USING btree (source_hash, minute DESC, id DESC)
  CREATE INDEX security_event_tenant ON security_event USING btree (tenant_id, minute DESC, id DESC)
  CREATE UNIQUE INDEX security_event_minute_kind_source_hash_subject_tenant_id_key ON security_event USING btree (minute, kind, source_hash, subject, tenant_id) NULLS NOT DISTINCT
  CREATE UNIQUE INDEX security_event_pkey ON security_event USING btree (id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant select to pregonero_app
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar
  grant select (id, source, source_hash, tenant_id) to pregonero_rekeyer
  grant update (source) to pregonero_rekeyer

-- segment
row security: on, forced
  created_at timestamp with time zone not null default now()
  filter jsonb
  id uuid not null
  kind text not null
  name text not null
  revision integer not null default 1
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  CHECK ((kind = ANY (ARRAY['filter'::text, 'list'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE UNIQUE INDEX segment_name ON segment USING btree (tenant_id, lower(name))
  CREATE UNIQUE INDEX segment_pkey ON segment USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- segment_member
row security: on, forced
  added_at timestamp with time zone not null default now()
  contact_id uuid not null
  segment_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (segment_id, tenant_id) REFERENCES segment(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (segment_id, contact_id, tenant_id)
  CREATE INDEX segment_member_contact ON segment_member USING btree (contact_id)
  CREATE UNIQUE INDEX segment_member_pkey ON segment_member USING btree (segment_id, contact_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- session_request
row security: on, forced
  answered_at timestamp with time zone
  asked_at timestamp with time zone not null default now()
  bot_id uuid not null
  id uuid not null
  is_done boolean
  outcome text
  png bytea
  position bigint not null generated always as identity
  request bytea not null
  taken_at timestamp with time zone
  tenant_id uuid not null
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX session_request_bot ON session_request USING btree (bot_id, "position")
  CREATE UNIQUE INDEX session_request_pkey ON session_request USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (bot_id, id, png, position, request, tenant_id) to pregonero_rekeyer
  grant update (png, request) to pregonero_rekeyer

-- set_up
row security: on, forced
  id boolean not null default true
  made_at timestamp with time zone not null
  token_hash bytea not null
  used_at timestamp with time zone
  CHECK (id)
  PRIMARY KEY (id)
  CREATE UNIQUE INDEX set_up_pkey ON set_up USING btree (id)
  policy registrar for all to pregonero_registrar using true with check true
  grant delete, insert, select, update to pregonero_registrar

-- shedding
row security: on, forced
  actor text not null
  calm_since timestamp with time zone
  is_automatic boolean not null default false
  is_only boolean not null default true
  level smallint not null default 0
  pressure smallint not null default 0
  reason text not null
  since timestamp with time zone not null default now()
  thresholds jsonb not null
  CHECK (((level >= 0) AND (level <= 3)))
  CHECK (((pressure >= 0) AND (pressure <= 3)))
  CHECK (is_only)
  PRIMARY KEY (is_only)
  CREATE UNIQUE INDEX shedding_pkey ON shedding USING btree (is_only)
  policy registrar for all to pregonero_registrar using true with check true
  grant select, update to pregonero_registrar

-- source
row security: on, forced
  country text not null
  created_at timestamp with time zone not null default now()
  id uuid not null
  kind text not null default 'gazette'::text
  language text not null
  name text not null
  slug text not null
  tenant_id uuid
  time_zone text not null
  CHECK ((kind = ANY (ARRAY['gazette'::text, 'document'::text])))
  CHECK ((language = ANY (ARRAY['es'::text, 'pt'::text, 'en'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id)
  UNIQUE (id, tenant_id)
  CREATE UNIQUE INDEX source_id_tenant_id_key ON source USING btree (id, tenant_id)
  CREATE UNIQUE INDEX source_pkey ON source USING btree (id)
  CREATE UNIQUE INDEX source_slug ON source USING btree (COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid), slug)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser

-- source_collection
row security: on, forced
  archived_at timestamp with time zone
  created_at timestamp with time zone not null
  fence bigint not null default 0
  is_paused boolean not null default false
  lease_owner text
  lease_until timestamp with time zone
  next_look_at timestamp with time zone
  pause_reason text
  planned_until date not null
  preset text
  revision integer not null default 1
  settings jsonb not null
  since date not null
  source_id uuid not null
  tenant_id uuid
  FOREIGN KEY (source_id) REFERENCES source(id)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (source_id)
  CREATE INDEX source_collection_due ON source_collection USING btree (next_look_at) WHERE (next_look_at IS NOT NULL)
  CREATE UNIQUE INDEX source_collection_pkey ON source_collection USING btree (source_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_delete for delete to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_insert for insert to pregonero_app with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy own_or_public for select to pregonero_app using ((tenant_id IS NULL) OR (tenant_id = ( SELECT current_tenant() AS current_tenant)))
  policy own_update for update to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy public_only for all to pregonero_curator using (tenant_id IS NULL) with check (tenant_id IS NULL)
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select, update to pregonero_curator
  grant delete, select to pregonero_eraser
  grant select (fence, lease_owner, lease_until, next_look_at, source_id, tenant_id) to pregonero_dispatcher
  grant update (fence, lease_owner, lease_until, next_look_at) to pregonero_dispatcher

-- spending
row security: on, forced
  begins_on date not null
  period text not null
  reserved_micro_usd bigint not null default 0
  spent_micro_usd bigint not null default 0
  subject text not null
  tenant_id uuid not null
  CHECK ((period = ANY (ARRAY['message'::text, 'contact-day'::text, 'day'::text, 'month'::text])))
  CHECK ((reserved_micro_usd >= 0))
  CHECK ((spent_micro_usd >= 0))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (subject, begins_on, period, tenant_id)
  CREATE UNIQUE INDEX spending_pkey ON spending USING btree (subject, begins_on, period, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- stranger_policy
row security: on, forced
  answers text not null default 'sentence'::text
  bot_id uuid not null
  policy text not null
  revision integer not null default 1
  sentence text
  tenant_id uuid not null
  updated_at timestamp with time zone not null default now()
  CHECK ((answers = ANY (ARRAY['sentence'::text, 'silence'::text])))
  CHECK ((policy = ANY (ARRAY['open'::text, 'allowlist'::text, 'pairing'::text, 'blocked'::text])))
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (bot_id, tenant_id)
  CREATE UNIQUE INDEX stranger_policy_pkey ON stranger_policy USING btree (bot_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- subscription
row security: on, forced
  changed_at timestamp with time zone not null default now()
  contact_id uuid not null
  conversation_id uuid not null
  created_at timestamp with time zone not null default now()
  id uuid not null
  kind text not null
  language text not null
  meaning_of text
  minute smallint
  next_at timestamp with time zone
  outbox_id uuid
  quiet_from smallint
  quiet_until smallint
  state text not null default 'active'::text
  tell_at timestamp with time zone
  tenant_id uuid not null
  time_zone text not null
  told_before timestamp with time zone
  told_until timestamp with time zone
  topic bytea
  weekday smallint
  CHECK ((kind = ANY (ARRAY['alert'::text, 'daily'::text, 'weekly'::text])))
  CHECK ((language = ANY (ARRAY['es'::text, 'pt'::text, 'en'::text])))
  CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text])))
  FOREIGN KEY (contact_id, tenant_id) REFERENCES contact(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (conversation_id, tenant_id) REFERENCES conversation(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX subscription_alert ON subscription USING btree (tenant_id) WHERE ((state = 'active'::text) AND (kind = 'alert'::text))
  CREATE INDEX subscription_contact ON subscription USING btree (contact_id)
  CREATE INDEX subscription_conversation ON subscription USING btree (conversation_id)
  CREATE INDEX subscription_digest ON subscription USING btree (tenant_id, next_at) WHERE ((state = 'active'::text) AND (next_at IS NOT NULL))
  CREATE INDEX subscription_meaning ON subscription USING btree (tenant_id, meaning_of) WHERE ((state = 'active'::text) AND (kind = 'alert'::text))
  CREATE INDEX subscription_outbox ON subscription USING btree (outbox_id) WHERE (outbox_id IS NOT NULL)
  CREATE INDEX subscription_tell ON subscription USING btree (tenant_id, tell_at) WHERE ((state = 'active'::text) AND (tell_at IS NOT NULL))
  CREATE UNIQUE INDEX subscription_pkey ON subscription USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for select to pregonero_dispatcher using true
  policy window_closed for update to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (kind, next_at, outbox_id, state, tell_at, tenant_id, told_before) to pregonero_dispatcher
  grant update (outbox_id, tell_at, told_before, told_until) to pregonero_dispatcher
  grant select (id, tenant_id, topic) to pregonero_rekeyer
  grant update (topic) to pregonero_rekeyer

-- subscription_key
row security: on, forced
  key_hash bytea not null
  subscription_id uuid not null
  tenant_id uuid not null
  FOREIGN KEY (subscription_id, tenant_id) REFERENCES subscription(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (key_hash, subscription_id, tenant_id)
  CREATE INDEX subscription_key_subscription ON subscription_key USING btree (subscription_id)
  CREATE UNIQUE INDEX subscription_key_pkey ON subscription_key USING btree (key_hash, subscription_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- tenant
row security: on, forced
  created_at timestamp with time zone not null default now()
  deletion_due_at timestamp with time zone
  id uuid not null
  languages text[] not null default '{es}'::text[]
  name text not null
  retention_days integer
  revision integer not null default 1
  slug text not null
  state text not null default 'active'::text
  state_since timestamp with time zone not null default now()
  time_zone text not null default 'America/Costa_Rica'::text
  CHECK (((retention_days >= 1) AND (retention_days <= 36500)))
  CHECK ((cardinality(languages) > 0))
  CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text, 'deleting'::text, 'erasing'::text, 'deleted'::text])))
  PRIMARY KEY (id)
  UNIQUE (slug)
  CREATE INDEX tenant_made ON tenant USING btree (created_at, id)
  CREATE UNIQUE INDEX tenant_pkey ON tenant USING btree (id)
  CREATE UNIQUE INDEX tenant_slug_key ON tenant USING btree (slug)
  policy own_tenant for all to pregonero_app using (id = ( SELECT current_tenant() AS current_tenant)) with check (id = ( SELECT current_tenant() AS current_tenant))
  policy routing for all to pregonero_dispatcher using true with check true
  grant insert, select, update to pregonero_app
  grant insert, select to pregonero_dispatcher

-- tenant_export
row security: on, forced
  asked_at timestamp with time zone not null default now()
  asked_by uuid not null
  bytes bigint
  expires_at timestamp with time zone
  finished_at timestamp with time zone
  heartbeat_at timestamp with time zone
  id uuid not null
  reason text
  state text not null default 'queued'::text
  tenant_id uuid not null
  CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'ready'::text, 'failed'::text, 'expired'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX tenant_export_open ON tenant_export USING btree (asked_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text, 'ready'::text]))
  CREATE INDEX tenant_export_tenant ON tenant_export USING btree (tenant_id, asked_at, id)
  CREATE UNIQUE INDEX tenant_export_pkey ON tenant_export USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for select to pregonero_dispatcher using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (asked_at, expires_at, heartbeat_at, id, state, tenant_id) to pregonero_dispatcher

-- tenant_export_chunk
row security: on, forced
  content bytea not null
  export_id uuid not null
  position integer not null
  tenant_id uuid not null
  FOREIGN KEY (export_id, tenant_id) REFERENCES tenant_export(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (export_id, "position", tenant_id)
  CREATE UNIQUE INDEX tenant_export_chunk_pkey ON tenant_export_chunk USING btree (export_id, "position", tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (content, export_id, position, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- tenant_plan
row security: on, forced
  plan text not null
  questions_per_contact_day integer
  questions_per_day integer
  set_at timestamp with time zone not null default now()
  tenant_id uuid not null
  FOREIGN KEY (plan) REFERENCES plan(name)
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (tenant_id)
  CREATE INDEX tenant_plan_plan ON tenant_plan USING btree (plan)
  CREATE UNIQUE INDEX tenant_plan_pkey ON tenant_plan USING btree (tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy registrar for all to pregonero_registrar using true with check true
  grant select to pregonero_app
  grant delete, select to pregonero_eraser
  grant delete, insert, select, update to pregonero_registrar

-- turn
row security: on, forced
  content bytea not null
  conversation_id uuid not null
  desk_message_id uuid
  id bigint not null generated always as identity
  message_id uuid
  said_at timestamp with time zone not null
  speaker text not null
  tenant_id uuid not null
  CHECK (((message_id IS NULL) OR (desk_message_id IS NULL)))
  CHECK ((speaker = ANY (ARRAY['citizen'::text, 'assistant'::text, 'person'::text])))
  FOREIGN KEY (desk_message_id, tenant_id) REFERENCES desk_message(id, tenant_id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation(tenant_id, id) ON DELETE CASCADE
  FOREIGN KEY (tenant_id, message_id) REFERENCES inbox(tenant_id, id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX turn_conversation ON turn USING btree (conversation_id, id DESC)
  CREATE INDEX turn_desk_message ON turn USING btree (desk_message_id) WHERE (desk_message_id IS NOT NULL)
  CREATE INDEX turn_message ON turn USING btree (message_id)
  CREATE UNIQUE INDEX turn_pkey ON turn USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (content, conversation_id, id, message_id, speaker, tenant_id) to pregonero_rekeyer
  grant update (content) to pregonero_rekeyer

-- web_chat_avatar
row security: on, forced
  bot_id uuid not null
  changed_at timestamp with time zone not null default now()
  content bytea not null
  media_type text not null
  tenant_id uuid not null
  CHECK ((media_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text])))
  CHECK ((octet_length(content) <= 524288))
  FOREIGN KEY (bot_id, tenant_id) REFERENCES bot(id, tenant_id)
  PRIMARY KEY (bot_id, tenant_id)
  CREATE UNIQUE INDEX web_chat_avatar_pkey ON web_chat_avatar USING btree (bot_id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser

-- web_chat_entry
row security: on, forced
  appended_at timestamp with time zone not null default now()
  conversation_id uuid not null
  entry_id uuid not null
  part bytea not null
  position bigint not null generated always as identity
  tenant_id uuid not null
  FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversation(tenant_id, id) ON DELETE CASCADE
  PRIMARY KEY (tenant_id, conversation_id, entry_id)
  CREATE INDEX web_chat_entry_position ON web_chat_entry USING btree (tenant_id, conversation_id, "position")
  CREATE UNIQUE INDEX web_chat_entry_pkey ON web_chat_entry USING btree (tenant_id, conversation_id, entry_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (conversation_id, entry_id, part, position, tenant_id) to pregonero_rekeyer
  grant update (part) to pregonero_rekeyer

-- webhook_attempt
row security: on, forced
  attempt integer not null
  attempted_at timestamp with time zone not null
  delivery_id uuid not null
  duration_ms integer not null
  error text
  id bigint not null generated always as identity
  response bytea
  status integer
  tenant_id uuid not null
  FOREIGN KEY (delivery_id, tenant_id) REFERENCES webhook_delivery(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX webhook_attempt_delivery ON webhook_attempt USING btree (delivery_id, id)
  CREATE UNIQUE INDEX webhook_attempt_pkey ON webhook_attempt USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  grant delete, insert, select to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (attempt, delivery_id, id, response, tenant_id) to pregonero_rekeyer
  grant update (response) to pregonero_rekeyer

-- webhook_delivery
row security: on, forced
  attempts integer not null default 0
  attempts_before integer not null default 0
  created_at timestamp with time zone not null default now()
  detail jsonb not null
  endpoint_id uuid not null
  event_position bigint
  happened_at timestamp with time zone not null
  id uuid not null
  kind text not null
  next_attempt_at timestamp with time zone not null default now()
  settled_at timestamp with time zone
  state text not null default 'pending'::text
  tenant_id uuid not null
  CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'cancelled'::text])))
  FOREIGN KEY (endpoint_id, tenant_id) REFERENCES webhook_endpoint(id, tenant_id) ON DELETE CASCADE
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX webhook_delivery_due ON webhook_delivery USING btree (endpoint_id, next_attempt_at) WHERE (state = 'pending'::text)
  CREATE INDEX webhook_delivery_made ON webhook_delivery USING btree (endpoint_id, created_at, id)
  CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery USING btree (endpoint_id, event_position)
  CREATE UNIQUE INDEX webhook_delivery_pkey ON webhook_delivery USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, insert, select to pregonero_dispatcher
  grant delete, select to pregonero_eraser
  grant update (attempts, next_attempt_at) to pregonero_dispatcher

-- webhook_endpoint
row security: on, forced
  created_at timestamp with time zone not null default now()
  disabled_reason text
  failing_since timestamp with time zone
  id uuid not null
  kinds text[] not null
  last_success_at timestamp with time zone
  position bigint not null
  previous_secret bytea
  previous_secret_until timestamp with time zone
  revision integer not null default 1
  secret bytea not null
  state text not null default 'active'::text
  tenant_id uuid not null
  url bytea not null
  CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text])))
  FOREIGN KEY (tenant_id) REFERENCES tenant(id)
  PRIMARY KEY (id, tenant_id)
  CREATE INDEX webhook_endpoint_active ON webhook_endpoint USING btree ("position") WHERE (state = 'active'::text)
  CREATE INDEX webhook_endpoint_tenant ON webhook_endpoint USING btree (tenant_id, created_at, id)
  CREATE UNIQUE INDEX webhook_endpoint_pkey ON webhook_endpoint USING btree (id, tenant_id)
  policy erasure for all to pregonero_eraser using (tenant_id = ( SELECT current_tenant() AS current_tenant)) with check false
  policy own_tenant for all to pregonero_app using (NOT (tenant_id IS DISTINCT FROM ( SELECT current_tenant() AS current_tenant))) with check (tenant_id = ( SELECT current_tenant() AS current_tenant))
  policy rotation for update to pregonero_rekeyer using true with check true
  policy rotation_reads for select to pregonero_rekeyer using true
  policy routing for all to pregonero_dispatcher using true with check true
  grant delete, insert, select, update to pregonero_app
  grant delete, select to pregonero_eraser
  grant select (failing_since, id, kinds, position, state, tenant_id) to pregonero_dispatcher
  grant update (position) to pregonero_dispatcher
  grant select (id, position, previous_secret, secret, tenant_id, url) to pregonero_rekeyer
  grant update (previous_secret, secret, url) to pregonero_rekeyer

-- functions

CREATE OR REPLACE FUNCTION public.cover_tenant_tables()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare name text;
begin
  for name in
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('audit', 'tenant')
      and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'erasure')
    order by c.relname
  loop
    execute format('create policy erasure on %I to pregonero_eraser
                      using (tenant_id = (select current_tenant())) with check (false)', name);
    execute format('grant select, delete on %I to pregonero_eraser', name);
  end loop;
end $function$


CREATE OR REPLACE FUNCTION public.current_tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('pregonero.tenant_id', true), '')::uuid $function$


CREATE OR REPLACE FUNCTION public.erase_recipient()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.variables := null;
  if new.state in ('pending', 'queued') then
    new.state := 'skipped';
    new.reason := 'erased';
  end if;
  return new;
end $function$


CREATE OR REPLACE FUNCTION public.gazette_configuration(language text)
 RETURNS regconfig
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select (case language when 'es' then 'pg_catalog.spanish' when 'pt' then 'pg_catalog.portuguese'
                            else 'pg_catalog.english' end)::regconfig $function$


CREATE OR REPLACE FUNCTION public.gazette_words(content text)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select regexp_replace(lower(unaccent(content)), '[^a-z0-9]+', ' ', 'g') $function$


CREATE OR REPLACE FUNCTION public.keep_approved()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state = 'approved' and (new.state is distinct from old.state
      or new.approved is distinct from old.approved or new.statements is distinct from old.statements) then
    raise exception 'an approved run is frozen' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$


CREATE OR REPLACE FUNCTION public.keep_refused_news()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  was_unknown boolean;
begin
  update conversation set window_closed_at = new.attempted_at
  where id = new.conversation_id and tenant_id = new.tenant_id
    and (window_closed_at is null or window_closed_at < last_inbound_at);
  was_unknown := found;
  update alert set state = 'pending', reason = 'outside-window', outbox_id = null, settled_at = null,
                   not_before = now() + case when was_unknown then interval '0' else interval '10 minutes' end
  where outbox_id = new.id and tenant_id = new.tenant_id and state = 'queued';
  update subscription set told_until = told_before, outbox_id = null, told_before = null,
                          tell_at = case when was_unknown then now() else 'infinity' end
  where outbox_id = new.id and tenant_id = new.tenant_id and told_before is not null;
  return null;
end $function$


CREATE OR REPLACE FUNCTION public.note_balance_crossing()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into balance_notice (tenant_id, threshold_micro_usd, balance_micro_usd)
  select new.tenant_id, t.threshold, new.balance_micro_usd
  from (select threshold_micro_usd as threshold from balance_threshold where tenant_id = new.tenant_id
        union select 0) t
  where old.balance_micro_usd > t.threshold and new.balance_micro_usd <= t.threshold;
  return null;
end $function$


CREATE OR REPLACE FUNCTION public.note_recipient()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from campaign_recipient r
    where r.id = new.recipient_id and r.tenant_id = new.tenant_id for no key update;
  update campaign_recipient r set state = told.state, changed_at = now(),
         reason = case when told.state <> 'skipped' then told.reason
                       when told.reason = 'unsubscribed' then 'opted-out'
                       when told.reason = 'contact-blocked' then 'blocked'
                       else told.reason end
  from (
    select case
             when bool_or(p.state = 'unknown') then 'unknown'
             when bool_or(p.state = 'failed') then
               -- what was never tried, or taken back, is no failure
               case when bool_and(p.attempts = 0)
                      or not bool_or(p.state = 'sent')
                         and max(p.reason) filter (where p.state = 'failed')
                             in ('unsubscribed', 'cancelled', 'erased', 'contact-blocked')
                    then 'skipped' else 'failed' end
             when bool_or(p.state in ('queued', 'attempting')) then 'queued'
             when bool_and(coalesce(p.delivery = 'read', false)) then 'read'
             when bool_and(coalesce(p.delivery in ('read', 'delivered'), false)) then 'delivered'
             else 'sent' end as state,
           coalesce(max(p.reason) filter (where p.state = 'unknown'),
                    max(p.reason) filter (where p.state = 'failed')) as reason
    from outbox p where p.recipient_id = new.recipient_id
  ) told
  where r.id = new.recipient_id and r.tenant_id = new.tenant_id
    and (r.state, r.reason) is distinct from (told.state, told.reason)
    and (r.state <> 'pending' or told.state in ('sent', 'delivered', 'read'));
  return null;
end $function$

