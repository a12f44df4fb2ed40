import type { Statement } from "./database.ts";

// Who writes can be written to: a network that refused them before (blocked, undeliverable) tells of no change.

/** However fast somebody goes on writing, the first message of a burst is answered after this. */
const LONGEST_BURST = "interval '8 seconds'";

const ARRIVAL = `arrival as (
    select * from jsonb_to_recordset($2::jsonb) as a (
      id uuid, bot uuid, channel text, conversation uuid, key text, content text, written_at timestamptz,
      burst_ms float8, message text)
  )`;

const NOTED = `noted as (
    insert into passport_event (tenant_id, message_id, kind, detail)
    select $1, s.id, 'received', jsonb_build_object(
      'channel', a.channel, 'bot', a.bot, 'conversation', a.conversation,
      'updateKey', a.key, 'content', a.content)
    from stored s join arrival a on a.id = s.id
  ), told as (
    insert into event (tenant_id, kind, detail)
    select $1, 'message-received', jsonb_build_object(
      'conversationId', a.conversation, 'botId', a.bot, 'messageId', s.id)
    from stored s join arrival a on a.id = s.id
  )`;

/** Stores arrivals $2 of tenant $1 that are not there yet; their conversations are due at once. Returns the ids. */
export const STORE: Statement = {
  name: "inbox-store",
  text: `with ${ARRIVAL}, stored as (
    insert into inbox (tenant_id, id, bot_id, conversation_id, update_key, message)
    select $1, id, bot, conversation, key, decode(message, 'base64') from arrival
    on conflict (tenant_id, bot_id, update_key) do nothing
    returning id, conversation_id
  ), ${NOTED}, woken as (
    update conversation c
    set due_at = least(c.due_at, now()), last_inbound_at = greatest(c.last_inbound_at, s.written_at),
        is_reachable = true
    from (select stored.conversation_id, max(a.written_at) as written_at
          from stored join arrival a on a.id = stored.id group by stored.conversation_id) s
    where c.id = s.conversation_id
  )
  select id from stored`,
};

/**
 * As `STORE`, for arrivals of which some wait for what the same person writes next. The first pending message of a
 * conversation says when it is due: while it waits itself, each further text begins the wait anew; once it is due,
 * perhaps being answered, it is left alone. Called under the lock of the conversations.
 */
export const STORE_BURSTS: Statement = {
  name: "inbox-store-bursts",
  text: `with ${ARRIVAL}, stored as (
    insert into inbox (tenant_id, id, bot_id, conversation_id, update_key, message, not_before, burst_ends_at)
    select $1, id, bot, conversation, key, decode(message, 'base64'),
           now() + coalesce(burst_ms, 0) * interval '1 millisecond',
           now() + burst_ms * interval '1 millisecond'
    from arrival
    on conflict (tenant_id, bot_id, update_key) do nothing
    returning id, conversation_id
  ), ${NOTED}, arrived as materialized (
    select stored.conversation_id, max(a.written_at) as written_at,
           case when bool_and(a.burst_ms is not null)
             then now() + max(a.burst_ms) * interval '1 millisecond' end as burst_ends_at
    from stored join arrival a on a.id = stored.id group by stored.conversation_id
  ), head as materialized (
    select a.conversation_id, first.id, first.received_at, first.not_before,
           first.burst_ends_at is not null and first.attempts = 0 and first.not_before > now() as is_waiting
    from arrived a cross join lateral (
      select i.* from inbox i where i.conversation_id = a.conversation_id and i.state = 'pending'
      order by i.position limit 1) first
  ), prolonged as (
    update inbox i
    set not_before = greatest(h.not_before, least(a.burst_ends_at, h.received_at + ${LONGEST_BURST}))
    from head h join arrived a on a.conversation_id = h.conversation_id
    where i.id = h.id and h.is_waiting
    returning i.conversation_id, i.not_before
  ), woken as (
    update conversation c
    set due_at = case when p.not_before is not null then p.not_before
                      when h.id is null and a.burst_ends_at is not null then a.burst_ends_at
                      else least(c.due_at, now()) end,
        last_inbound_at = greatest(c.last_inbound_at, a.written_at),
        is_reachable = true
    from arrived a
    left join head h on h.conversation_id = a.conversation_id
    left join prolonged p on p.conversation_id = a.conversation_id
    where c.id = a.conversation_id
  )
  select id from stored`,
};
