import type { DeadLetter, DeadLetterChange, DeadLetters } from "../core/dead-letters.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { Author } from "../core/operations.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";
import { writeAudit } from "./people-rows.ts";

const MAX_LISTED = 200;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createDeadLetters(database: Database): DeadLetters {
  return {
    list: (tenantId) => database.asTenant(tenantId, list),
    retry: (tenantId, messageId, actor) =>
      database.asTenant(tenantId, (tx) =>
        settleDeadLetter(tx, { tenantId, messageId, by: { actor }, as: "retried" }),
      ),
    drop: (tenantId, messageId, actor) =>
      database.asTenant(tenantId, (tx) =>
        settleDeadLetter(tx, { tenantId, messageId, by: { actor }, as: "dropped" }),
      ),
  };
}

async function list(tx: Transaction): Promise<readonly DeadLetter[]> {
  const rows = await tx.query<{
    id: string;
    bot_id: string;
    channel: string;
    name: string;
    reason: string | null;
    attempts: number;
    received_at: Date;
  }>(
    `select i.id, i.bot_id, b.channel, b.name, i.dead_reason as reason, i.attempts, i.received_at
     from inbox i join bot b on b.id = i.bot_id
     where i.state = 'dead' order by i.received_at desc limit ${MAX_LISTED}`,
  );
  return rows.map((row) => ({
    messageId: asId(row.id),
    botId: asId(row.bot_id),
    channel: row.channel,
    name: row.name,
    reason: row.reason ?? "no reason noted",
    attempts: row.attempts,
    receivedAt: row.received_at,
  }));
}

interface Settlement {
  readonly tenantId: TenantId;
  /** As a person typed it. */
  readonly messageId: MessageId;
  readonly by: Author;
  readonly as: "retried" | "dropped";
  /** Why it is dropped. */
  readonly reason?: string;
}

/**
 * Under the lock of the conversation, which accepting and answering take too: whoever answers in it now sees
 * the message when it is done.
 */
export async function settleDeadLetter(
  tx: Transaction,
  settlement: Settlement,
): Promise<DeadLetterChange> {
  const { tenantId, messageId, by, as, reason } = settlement;
  if (!UUID.test(messageId)) return "not-dead";
  await tx.query(
    `select c.id from inbox i join conversation c on c.id = i.conversation_id
     where i.id = $1 for no key update of c`,
    [messageId],
  );
  const [row] = await tx.query<{ is_erased: boolean }>(
    "select message is null as is_erased from inbox where id = $1 and state = 'dead'",
    [messageId],
  );
  if (row === undefined) return "not-dead";
  if (row.is_erased && as === "retried") return "erased";
  await (as === "retried" ? wake(tx, messageId) : drop(tx, messageId, reason));
  await tx.query(
    "insert into passport_event (tenant_id, message_id, kind, detail) values ($1, $2, $3, $4)",
    [tenantId, messageId, as, JSON.stringify({ actor: by.actor })],
  );
  await writeAudit(tx, {
    tenantId,
    actor: by.actor,
    action: `dead-letter-${as}`,
    subject: messageId,
    ...(reason !== undefined && { detail: { reason } }),
    ...(by.origin && { origin: by.origin }),
  });
  await tellLetter(tx, tenantId, messageId, as);
  return "done";
}

/** Who follows is told, in the transaction of the change. */
export async function tellLetter(
  tx: Transaction,
  tenantId: TenantId,
  letterId: string,
  change: "retried" | "dropped" | "edited",
): Promise<void> {
  await appendEvents(tx, tenantId, [{ kind: "dead-letter-changed", detail: { letterId, change } }]);
}

/** Keeps its position: it is answered before what waits behind it. */
async function wake(tx: Transaction, messageId: MessageId): Promise<void> {
  await tx.query(
    `with pending as (
       update inbox set state = 'pending', dead_reason = null, attempts = 0, not_before = now()
       where id = $1 returning conversation_id
     )
     update conversation c set due_at = least(c.due_at, now()) from pending
     where c.id = pending.conversation_id`,
    [messageId],
  );
}

async function drop(tx: Transaction, messageId: MessageId, reason = ""): Promise<void> {
  await tx.query("update inbox set state = 'dropped', skip_reason = $2 where id = $1", [
    messageId,
    reason,
  ]);
}
