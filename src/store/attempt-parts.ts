/**
 * The end of a claim, after a `due (tenant_id, id)`: marks its parts `attempting` by owner $1 and notes each
 * attempt. The transaction commits before any call is made: whatever happens to this process afterwards, nobody
 * sends them again unasked.
 */
export const ATTEMPT_DUE = `
  attempting as (
    update outbox o
    set state = 'attempting', attempts = o.attempts + 1, attempted_at = now(), attempt_owner = $1
    from due where o.id = due.id
    returning o.tenant_id, o.id, o.bot_id, o.message_id, o.attempts
  ), noted as (
    insert into passport_event (tenant_id, message_id, kind, detail)
    select tenant_id, coalesce(message_id, id), 'attempting',
           jsonb_build_object('outbox', id, 'attempt', attempts)
    from attempting
  )`;

/**
 * Condition on a part: nothing comes before it in its conversation. What is less important than it does not
 * count: a reply does not wait for a broadcast. Written as a scalar, which the planner answers row by row
 * from an index.
 */
export function isFirstInConversation(part: string): string {
  return `(select before.id from outbox before
           where before.conversation_id = ${part}.conversation_id
             and (before.priority, before.position) < (${part}.priority, ${part}.position)
             and before.state in ('queued', 'attempting')
           limit 1) is null`;
}

/** The end of a claim: its rows, or one without an id when nothing was due, which tells whether broadcasts wait. */
export const CLAIMED = `select attempting.tenant_id, attempting.id, broadcasting.has_broadcasts, broadcasting.is_crowded
             from broadcasting left join attempting on true`;
export const HAS_BROADCASTS =
  "exists (select 1 from outbox where state = 'queued' and priority = 2) as has_broadcasts";
