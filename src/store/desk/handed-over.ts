import type { TenantId } from "../../core/ids.ts";
import type { AnsweredMessage } from "../../core/ledgers.ts";
import type { Transaction } from "../database.ts";

/**
 * Instead of turns that were prepared before a person took the conversation over, or gave it back: nothing of them is
 * written but what was done in vain, and the message is due again, to be looked at as things stand now. Called under
 * the lock of the conversations.
 */
export async function writeHandedOver(
  tx: Transaction,
  tenantId: TenantId,
  answers: readonly AnsweredMessage[],
): Promise<void> {
  const rows = answers.map(({ due, events }) => ({
    id: due.messageId,
    conversation: due.lease.conversationId,
    events: events.filter(({ kind }) => kind !== "answered"),
  }));
  await tx.query(
    {
      name: "turns-handed-over",
      text: `with handed as (
               select * from jsonb_to_recordset($2::jsonb) as h (id uuid, conversation uuid, events jsonb)
             ), told as (
               insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
               select $1::uuid, h.id, t.kind, t.detail, t.at
               from handed h, jsonb_to_recordset(h.events) as t (kind text, detail jsonb, at timestamptz)
               union all
               select $1::uuid, h.id, 'planned', jsonb_build_object('again', 'handed-over'), clock_timestamp()
               from handed h
             )
             update conversation c set lease_owner = null, lease_expires_at = null, due_at = now()
             from handed h where c.id = h.conversation`,
    },
    [tenantId, JSON.stringify(rows)],
  );
}
