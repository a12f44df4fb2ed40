-- Contacts: who a tenant's bots talk to, by which names, with whose consent; segments of them; and which strangers a
-- bot answers. What happened never moves: a contact that turns out to be another one points at it (merged_into), and
-- keeps its conversations.

alter table contact
  -- AES-256-GCM envelope of {name, language, fields, preferences} as staff and imports gave them
  add column profile bytea,
  -- grows with each change of what staff edits: the ETag
  add column revision integer not null default 1,
  add column updated_at timestamptz not null default now(),
  add column source text not null default 'message' check (source in ('message', 'import', 'person')),
  -- the contact that this one is part of; never one that is itself part of another
  add column merged_into uuid,
  -- the line refuses what they write; it is kept
  add column blocked_at timestamptz,
  -- AES-256-GCM envelope of why
  add column block_reason bytea,
  -- where only chosen people are answered, this is one
  add column allowed_at timestamptz,
  -- the last word of contact_consent, over all contacts that are part of this one
  add column consent text not null default 'unknown' check (consent in ('unknown', 'granted', 'refused')),
  -- when they were last told that they are not answered
  add column told_at timestamptz,
  -- in answer to which message, so that a turn that is taken again tells again
  add column told_for uuid,
  -- wrong pairing codes since the last pause
  add column pairing_failures smallint not null default 0,
  add column pairing_failed_at timestamptz,
  add foreign key (merged_into, tenant_id) references contact (id, tenant_id) on delete cascade;
create index contact_part on contact (merged_into) where merged_into is not null;
create index contact_list on contact (tenant_id, created_at desc, id desc) where merged_into is null;
create index contact_blocked on contact (tenant_id, created_at desc, id desc)
  where merged_into is null and blocked_at is not null;
create index contact_consenting on contact (tenant_id, consent, created_at desc, id desc)
  where merged_into is null and consent <> 'unknown';

alter table contact_alias
  add column kind text not null default 'network'
    check (kind in ('phone', 'jid', 'lid', 'telegram', 'visitor', 'network')),
  -- AES-256-GCM envelope of the network's id; null: it was not kept, only its hash
  add column value bytea,
  -- HMAC of the identifier in its normal form, the same for every channel; null: not known
  add column lookup_hash bytea,
  -- HMAC of a phone number without its country
  add column national_hash bytea,
  add column added_by text not null default 'network';
create index contact_alias_lookup on contact_alias (lookup_hash) where lookup_hash is not null;
create index contact_alias_national on contact_alias (national_hash) where national_hash is not null;

-- HMACs of the normalised words of their names: found by these and by nothing else.
create table contact_word (
  tenant_id uuid not null,
  contact_id uuid not null,
  word_hash bytea not null,
  -- of the name that the network gives, or of the profile
  origin text not null check (origin in ('network', 'profile')),
  primary key (word_hash, contact_id, origin, tenant_id),
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index contact_word_contact on contact_word (contact_id);

create table contact_tag (
  tenant_id uuid not null,
  contact_id uuid not null,
  tag text not null,
  primary key (contact_id, tag, tenant_id),
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index contact_tag_tag on contact_tag (tenant_id, tag, contact_id);

-- Every word on broadcasts, in the order in which it was given. Never changed, erased with the contact.
create table contact_consent (
  tenant_id uuid not null,
  id bigint generated always as identity,
  contact_id uuid not null,
  state text not null check (state in ('granted', 'refused')),
  how text not null check (how in ('message', 'import', 'person', 'api')),
  channel text,
  -- AES-256-GCM envelope: where it can be looked up that they said so; the row id is contact_id/given_at in ISO 8601
  evidence bytea,
  actor text not null,
  given_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index contact_consent_contact on contact_consent (contact_id, id desc);

-- Acts of merging, with what undoing them needs.
create table contact_merge (
  tenant_id uuid not null,
  id uuid not null,
  from_id uuid not null,
  into_id uuid not null,
  actor text not null,
  merged_at timestamptz not null default now(),
  -- no personal data: the contacts that moved, tags and field names added, standing before
  before jsonb not null,
  undone_at timestamptz,
  undone_by text,
  primary key (id, tenant_id),
  foreign key (from_id, tenant_id) references contact (id, tenant_id) on delete cascade,
  foreign key (into_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index contact_merge_from on contact_merge (from_id);
create index contact_merge_into on contact_merge (into_id);

create table segment (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  -- filter: whoever fits now; list: whoever was put in
  kind text not null check (kind in ('filter', 'list')),
  -- of a filter: a tree of allow-listed conditions
  filter jsonb,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create unique index segment_name on segment (tenant_id, lower(name));

create table segment_member (
  tenant_id uuid not null,
  segment_id uuid not null,
  contact_id uuid not null,
  added_at timestamptz not null default now(),
  primary key (segment_id, contact_id, tenant_id),
  foreign key (segment_id, tenant_id) references segment (id, tenant_id) on delete cascade,
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete cascade
);
create index segment_member_contact on segment_member (contact_id);

-- Which strangers a bot answers; no row: all of them.
create table stranger_policy (
  tenant_id uuid not null,
  bot_id uuid not null,
  policy text not null check (policy in ('open', 'allowlist', 'pairing', 'blocked')),
  -- whoever is refused is told so once a day, or nothing
  answers text not null default 'sentence' check (answers in ('sentence', 'silence')),
  -- instead of the catalogue's
  sentence text,
  revision integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (bot_id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id)
);

create table pairing_code (
  tenant_id uuid not null,
  id uuid not null,
  bot_id uuid not null,
  code_hash bytea not null,
  made_by text not null,
  made_at timestamptz not null default now(),
  expires_at timestamptz not null,
  redeemed_at timestamptz,
  redeemed_by uuid,
  primary key (id, tenant_id),
  foreign key (bot_id, tenant_id) references bot (id, tenant_id),
  foreign key (redeemed_by, tenant_id) references contact (id, tenant_id) on delete set null (redeemed_by)
);
create unique index pairing_code_code on pairing_code (code_hash, bot_id, tenant_id);
create index pairing_code_bot on pairing_code (bot_id, made_at desc);
create index pairing_code_contact on pairing_code (redeemed_by) where redeemed_by is not null;

do $$
declare name text;
begin
  foreach name in array array['contact_word', 'contact_tag', 'contact_consent', 'contact_merge', 'segment',
                              'segment_member', 'stranger_policy', 'pairing_code'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on contact_word, contact_tag, segment, segment_member, stranger_policy,
  pairing_code to pregonero_app;
grant select, insert on contact_consent to pregonero_app;
grant select, insert, update on contact_merge to pregonero_app;

-- What people said in chats before contacts had a consent of their own. Row security binds the owner too, so it is
-- lifted for these statements, in the migration's own transaction.
alter table contact no force row level security;
alter table contact_consent no force row level security;
alter table conversation no force row level security;
insert into contact_consent (tenant_id, contact_id, state, how, actor, given_at)
select tenant_id, contact_id, case when takes_broadcasts then 'granted' else 'refused' end, 'message', 'citizen',
       broadcasts_chosen_at
from conversation where contact_id is not null and broadcasts_chosen_at is not null
order by broadcasts_chosen_at;
update contact k set consent = case when said.refused then 'refused' else 'granted' end
from (select contact_id, bool_or(not takes_broadcasts) as refused from conversation
      where contact_id is not null and broadcasts_chosen_at is not null group by contact_id) said
where k.id = said.contact_id;
alter table contact force row level security;
alter table contact_consent force row level security;
alter table conversation force row level security;
