import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";
import type { CommitResult, FailedMessage } from "../core/ledgers.ts";
import { lockHeld } from "./commit-turns.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

/** Counts the attempt; the message waits for its next one, or is dead and lets the conversation go on. */
export async function commitFailures(
  database: Database,
  cipher: Cipher,
  failures: readonly FailedMessage[],
): Promise<readonly CommitResult[]> {
  const results: CommitResult[] = [];
  for (const failure of failures) {
    const { tenantId, conversationId } = failure.due.lease;
    results.push(
      await database.asTenant(tenantId, async (tx) => {
        const held = await lockHeld(tx, [failure.due]);
        const state = held.get(conversationId);
        if (state === undefined) return "lost";
        // Whoever has the conversation sees what failed: the bot says nothing.
        const told = state.isHeld ? { ...failure, parts: [] } : failure;
        return writeFailure(tx, cipher, tenantId, told);
      }),
    );
  }
  return results;
}

async function writeFailure(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  failure: FailedMessage,
): Promise<CommitResult> {
  const { due, retryAfterMs, reason, events } = failure;
  const isDead = retryAfterMs === undefined;
  await tx.query(
    `update inbox set attempts = attempts + 1, state = case when $3 then 'dead' else state end,
            dead_reason = case when $3 then $4 end,
            not_before = now() + $5 * interval '1 millisecond'
     where tenant_id = $1 and id = $2`,
    [tenantId, due.messageId, isDead, reason, retryAfterMs ?? 0],
  );
  for (const part of failure.parts) {
    const id = uuidv7();
    await tx.query(
      `insert into outbox (tenant_id, id, bot_id, conversation_id, message_id, part)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        tenantId,
        id,
        due.lease.botId,
        due.lease.conversationId,
        due.messageId,
        cipher.encrypt(
          { tenantId, table: "outbox", column: "part", rowId: id },
          JSON.stringify(part),
        ),
      ],
    );
  }
  const detail = { reason, attempt: due.attempts + 1, retryAfterMs };
  await tx.query(
    `insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
     select $1, $2, e.kind, e.detail, e.at
     from jsonb_to_recordset($3::jsonb) as e (kind text, detail jsonb, at timestamptz)`,
    [
      tenantId,
      due.messageId,
      JSON.stringify([
        ...events,
        { kind: isDead ? "dead-lettered" : "failed", at: new Date(), detail },
      ]),
    ],
  );
  if (isDead) {
    const { conversationId, botId } = due.lease;
    await appendEvents(tx, tenantId, [
      {
        kind: "message-failed",
        detail: { conversationId, botId, messageId: due.messageId, reason },
      },
    ]);
  }
  const [released] = await tx.query<{ is_due: boolean }>(
    `update conversation c
     set lease_owner = null, lease_expires_at = null,
         due_at = (select i.not_before from inbox i
                   where i.conversation_id = c.id and i.state = 'pending'
                   order by i.position limit 1)
     where c.tenant_id = $1 and c.id = $2
     returning c.due_at <= now() as is_due`,
    [tenantId, due.lease.conversationId],
  );
  return released?.is_due ? "more" : "done";
}
