import type { AskedWhy } from "../../core/hand-over.ts";
import { asId, type ConversationId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { noteHandOver } from "../experiments/answers.ts";

/** The conversation waits for a person, unless it does already or one has it; people are told. */
export async function askForPerson(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
  why: AskedWhy,
): Promise<void> {
  const asked = await tx.query(
    `update conversation set desk_state = 'waiting-for-person', asked_at = now(), asked_why = $3
     where tenant_id = $1 and id = $2 and desk_state in ('open', 'closed') returning id`,
    [tenantId, conversationId, why],
  );
  if (asked.length === 0) return;
  await noteHandOver(tx, conversationId);
  const detail = { conversationId: asId<ConversationId>(conversationId), state: "asked" } as const;
  await appendEvents(tx, tenantId, [{ kind: "conversation-handed-over", detail }]);
}

export async function needNoPerson(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
): Promise<void> {
  const withdrawn = await tx.query(
    `update conversation set desk_state = 'open', asked_at = null, asked_why = null
     where tenant_id = $1 and id = $2 and desk_state = 'waiting-for-person' returning id`,
    [tenantId, conversationId],
  );
  if (withdrawn.length === 0) return;
  const detail = {
    conversationId: asId<ConversationId>(conversationId),
    change: "person-not-needed",
  } as const;
  await appendEvents(tx, tenantId, [{ kind: "conversation-changed", detail }]);
}

/** Of people who are erased: what the desk kept of their conversations, and who had them. */
export async function forgetDesk(
  tx: Transaction,
  tenantId: TenantId,
  conversationIds: readonly string[],
): Promise<void> {
  for (const table of [
    "desk_message",
    "conversation_note",
    "conversation_tag",
    "conversation_seen",
    "conversation_word",
  ]) {
    await tx.query(`delete from ${table} where tenant_id = $1 and conversation_id = any($2)`, [
      tenantId,
      conversationIds,
    ]);
  }
  await tx.query(
    `update conversation
     set desk_state = 'open', held_until = null, held_since = null, held_by = null,
         hold_token = hold_token + 1, asked_at = null, asked_why = null, person_said_at = null,
         assignee = null, heard_at = null
     where tenant_id = $1 and id = any($2)`,
    [tenantId, conversationIds],
  );
}
