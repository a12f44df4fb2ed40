-- Campaigns: one text to many contacts, unasked; a manual send is a campaign to one.

-- From how many contacts on a second person must agree.
create table campaign_policy (
  tenant_id uuid primary key references tenant (id),
  approval_above integer not null check (approval_above >= 0),
  changed_at timestamptz not null default now()
);

create table campaign (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- AES-256-GCM envelope of {name, text, template, attachment}
  content bytea not null,
  -- in order of preference: a contact gets it from the first that can reach them
  bot_ids uuid[] not null,
  state text not null default 'draft' check (state in
    ('draft', 'awaiting-approval', 'scheduled', 'sending', 'paused', 'done', 'cancelled')),
  -- grows with each change by a person
  revision integer not null default 1,
  audience_kind text check (audience_kind in ('contacts', 'segment', 'csv')),
  -- names the recipients that count: those of an audience before are left behind, and removed
  audience_id uuid,
  segment_id uuid,
  -- where listing the segment's contacts goes on
  listing_cursor text,
  -- every contact of the audience has its row
  is_listed boolean not null default false,
  pace_per_minute integer check (pace_per_minute > 0),
  -- theoretical release time of the next recipient (GCRA)
  release_next_at timestamptz,
  starts_at timestamptz,
  -- in which the start was chosen
  time_zone text,
  pause_reason text,
  created_by text not null,
  changed_by text not null,
  scheduled_by text,
  approved_by text,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  primary key (id, tenant_id)
);
create index campaign_tenant on campaign (tenant_id, created_at desc, id desc);
-- By which those are found that have something to do.
create index campaign_running on campaign (state) where state in ('scheduled', 'sending', 'cancelled');

-- One row for each contact of an audience, and for each line of a CSV that is nobody's. Its life: `pending` →
-- `queued` (its parts are in the outbox) → what becomes of them; or `skipped`, with the reason.
create table campaign_recipient (
  tenant_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  audience_id uuid not null,
  contact_id uuid,
  conversation_id uuid,
  -- AES-256-GCM envelope of the line's values by column
  variables bytea,
  -- of the CSV, from 1; the head is line 1
  line integer,
  state text not null default 'pending' check (state in
    ('pending', 'queued', 'sent', 'delivered', 'read', 'failed', 'unknown', 'skipped')),
  reason text,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (campaign_id, tenant_id) references campaign (id, tenant_id) on delete cascade,
  foreign key (contact_id, tenant_id) references contact (id, tenant_id) on delete set null (contact_id),
  foreign key (conversation_id, tenant_id) references conversation (id, tenant_id)
);
-- Each contact once, whatever list or line repeats them.
create unique index campaign_recipient_contact on campaign_recipient (contact_id, audience_id)
  where contact_id is not null and reason is distinct from 'duplicate';
create index campaign_recipient_state on campaign_recipient (audience_id, state, created_at, id);
create index campaign_recipient_place on campaign_recipient (audience_id, created_at, id);
create index campaign_recipient_campaign on campaign_recipient (campaign_id);
create index campaign_recipient_conversation on campaign_recipient (conversation_id);

alter table outbox add column recipient_id uuid;
alter table outbox add foreign key (recipient_id, tenant_id)
  references campaign_recipient (id, tenant_id) on delete set null (recipient_id);
create index outbox_recipient on outbox (recipient_id) where recipient_id is not null;

do $$
declare name text;
begin
  foreach name in array array['campaign_policy', 'campaign', 'campaign_recipient'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own_tenant on %I to pregonero_app
                      using (tenant_id is not distinct from (select current_tenant()))
                      with check (tenant_id = (select current_tenant()))', name);
  end loop;
end $$;
grant select, insert, update on campaign_policy to pregonero_app;
grant select, insert, update, delete on campaign, campaign_recipient to pregonero_app;

-- The dispatcher finds what runs, sends nothing of what was paused, and notes what becomes of a part.
create policy routing on campaign for select to pregonero_dispatcher using (true);
create policy routing on campaign_recipient to pregonero_dispatcher using (true) with check (true);
grant select (tenant_id, id, state, starts_at) on campaign to pregonero_dispatcher;
grant select (tenant_id, id, campaign_id, contact_id, state, reason), update (state, reason, changed_at)
  on campaign_recipient to pregonero_dispatcher;
grant select (recipient_id, reason, delivery) on outbox to pregonero_dispatcher;
-- Whether somebody refused, or is blocked, is asked once more when their part is claimed.
create policy routing on contact for select to pregonero_dispatcher using (true);
grant select (tenant_id, id, merged_into, consent, blocked_at) on contact to pregonero_dispatcher;

-- The state of a recipient follows from its parts, in the transaction that changes them: delivery, receipts, the
-- sweep, BAJA and erasure all write parts, and none of them has to know of campaigns. The recipient is locked before
-- its parts are read, so that of two that settle at once the later one sees both. A recipient that waits to be sent
-- again (`pending`) changes only when its parts arrived after all.
create function note_recipient() returns trigger language plpgsql as $$
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
end $$;
create trigger outbox_notes_recipient after update of state, delivery on outbox for each row
  when (new.recipient_id is not null and new.state <> 'attempting'
        and (old.state, old.delivery) is distinct from (new.state, new.delivery))
  execute function note_recipient();

-- What a list said of a person who was erased goes with them.
create function erase_recipient() returns trigger language plpgsql as $$
begin
  new.variables := null;
  if new.state in ('pending', 'queued') then
    new.state := 'skipped';
    new.reason := 'erased';
  end if;
  return new;
end $$;
create trigger campaign_recipient_erased before update of contact_id on campaign_recipient for each row
  when (old.contact_id is not null and new.contact_id is null)
  execute function erase_recipient();
