-- The desk: where people of the tenant see conversations, take them over from the bot and answer in them.

alter table conversation
  add column desk_state text not null default 'open'
    check (desk_state in ('open', 'waiting-for-person', 'with-person', 'closed')),
  -- the hand-over, a lock with a hard expiry: until then the bot says nothing. Whatever `desk_state` says, this counts
  add column held_until timestamptz,
  add column held_since timestamptz,
  -- who has it; null with held_until: somebody who wrote from the phone itself
  add column held_by uuid,
  -- grows with each claim and its end: an answer prepared under another number is not written
  add column hold_token bigint not null default 0,
  -- since when, and why, a person is asked for; null: nobody is
  add column asked_at timestamptz,
  add column asked_why text,
  -- when a person last wrote to the citizen: what came before it is no matter of the bot's any more
  add column person_said_at timestamptz,
  add column assignee uuid,
  -- the last thing said by anybody, and by the citizen
  add column last_message_at timestamptz not null default now(),
  add column heard_at timestamptz,
  add foreign key (held_by, tenant_id) references membership (person_id, tenant_id) on delete set null (held_by),
  add foreign key (assignee, tenant_id) references membership (person_id, tenant_id) on delete set null (assignee);
-- The list of a tenant is merged from those of its bots.
create index conversation_activity on conversation (bot_id, last_message_at desc, id desc);
create index conversation_desk on conversation (desk_state, tenant_id, last_message_at desc, id desc)
  where desk_state <> 'open';
create index conversation_assignee on conversation (assignee, last_message_at desc, id desc)
  where assignee is not null;
create index conversation_holder on conversation (held_by) where held_by is not null;
create index conversation_held on conversation (held_until) where held_until is not null;
grant select (held_until, held_by) on conversation to pregonero_dispatcher;

-- What was written to a citizen by a person, or by us about persons (`notice`). The words are in its turn.
create table desk_message (
  tenant_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  kind text not null check (kind in ('reply', 'notice', 'phone')),
  -- null: nobody signed in wrote it
  author uuid,
  said_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (author, tenant_id) references membership (person_id, tenant_id) on delete set null (author)
);
create index desk_message_conversation on desk_message (conversation_id, said_at);
create index desk_message_author on desk_message (author) where author is not null;

-- A turn belongs to a message taken in, or to one of the desk.
alter table turn
  alter column message_id drop not null,
  add column desk_message_id uuid,
  add foreign key (desk_message_id, tenant_id) references desk_message (id, tenant_id) on delete cascade,
  add check (message_id is null or desk_message_id is null);
create index turn_desk_message on turn (desk_message_id) where desk_message_id is not null;

alter table outbox
  add column desk_message_id uuid,
  -- of a part whose outcome nobody knows, sent again by a person's wish (or once by the tenant's): the first one
  add column resend_of uuid,
  add foreign key (desk_message_id, tenant_id) references desk_message (id, tenant_id) on delete set null (desk_message_id),
  add foreign key (resend_of, tenant_id) references outbox (id, tenant_id) on delete set null (resend_of);
create index outbox_desk_message on outbox (desk_message_id) where desk_message_id is not null;
-- Once, whoever asks.
create unique index outbox_resend on outbox (resend_of, tenant_id) where resend_of is not null;
-- What failed, and of what nobody knows: of a conversation, and of a tenant's last days.
create index outbox_trouble on outbox (conversation_id) where state in ('failed', 'unknown');
create index outbox_trouble_lately on outbox (tenant_id, settled_at) where state in ('failed', 'unknown');
grant select (resend_of) on outbox to pregonero_dispatcher;

-- Seen by people of the tenant only: no outbox row is ever made of one.
create table conversation_note (
  tenant_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  author uuid,
  -- AES-256-GCM envelope of {text}
  content bytea not null,
  noted_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (author, tenant_id) references membership (person_id, tenant_id) on delete set null (author)
);
create index conversation_note_conversation on conversation_note (conversation_id, noted_at);
create index conversation_note_author on conversation_note (author) where author is not null;

create table conversation_tag (
  tenant_id uuid not null,
  conversation_id uuid not null,
  tag text not null,
  primary key (conversation_id, tag, tenant_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade
);
create index conversation_tag_tag on conversation_tag (tag, tenant_id, conversation_id);

-- Up to when each person of the tenant has seen a conversation.
create table conversation_seen (
  tenant_id uuid not null,
  conversation_id uuid not null,
  person_id uuid not null,
  seen_at timestamptz not null,
  primary key (conversation_id, person_id, tenant_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade,
  foreign key (person_id, tenant_id) references membership (person_id, tenant_id) on delete cascade
);
create index conversation_seen_person on conversation_seen (person_id);

-- What citizens and people said, as HMACs of stemmed words under a key of the tenant's: for search, and for nothing
-- else. 12 bytes of each: enough to tell the words of one tenant apart.
create table conversation_word (
  tenant_id uuid not null,
  conversation_id uuid not null,
  word_hash bytea not null,
  primary key (conversation_id, word_hash, tenant_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id) on delete cascade
);
create index conversation_word_word on conversation_word (word_hash, tenant_id, conversation_id);

create table canned_reply (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  -- language → text with places such as {nombre}
  texts jsonb not null,
  revision integer not null default 1,
  used integer not null default 0,
  used_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (id, tenant_id)
);
create unique index canned_reply_name on canned_reply (tenant_id, name);

do $$
declare name text;
begin
  foreach name in array array['desk_message', 'conversation_note', 'conversation_tag', 'conversation_seen',
                              'conversation_word', 'canned_reply'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update, delete on desk_message, conversation_note, conversation_tag, conversation_seen,
  conversation_word, canned_reply to pregonero_app;
