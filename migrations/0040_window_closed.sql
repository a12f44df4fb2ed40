-- WhatsApp's own clock on who may be written to: a refusal that comes with the answer, or later as a status.

-- When the last message was attempted that WhatsApp refused because more than a day had passed since the person wrote;
-- from then on only templates reach them, until they write again. Null: it refused none.
alter table conversation add column window_closed_at timestamptz;
grant select (id, tenant_id, last_inbound_at, window_closed_at), update (window_closed_at)
  on conversation to pregonero_dispatcher;

-- What it refused is due again at once, and judged by what is known now: by a template if there is one, in free text if
-- the person wrote meanwhile, else when they write. What is refused although that was known waits.
create or replace function keep_refused_news() returns trigger language plpgsql as $$
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
end $$;
