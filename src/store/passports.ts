import { asId, type MessageId } from "../core/ids.ts";
import type { PassportEventKind } from "../core/passport.ts";
import type { Passport, Passports } from "../core/passport-reader.ts";
import type { Database, Transaction } from "./database.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createPassports(database: Database): Passports {
  return {
    find: (tenantId, id) =>
      database.asTenant(tenantId, async (tx) => {
        const ids = UUID.test(id) ? await findByUuid(tx, id) : await findByNetworkId(tx, id);
        const passports: Passport[] = [];
        for (const messageId of ids) passports.push(await read(tx, tenantId, messageId));
        return passports;
      }),
    async record(tenantId, messageId, events) {
      await database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
           select $1, $2, e.kind, e.detail, e.at
           from jsonb_to_recordset($3::jsonb) as e (kind text, detail jsonb, at timestamptz)`,
          [tenantId, messageId, JSON.stringify(events)],
        );
      });
    },
  };
}

async function findByUuid(tx: Transaction, id: string): Promise<MessageId[]> {
  const rows = await tx.query<{ message_id: string }>(
    `select message_id from passport_event where message_id = $1
     union select coalesce(message_id, id) from outbox where id = $1`,
    [id.toLowerCase()],
  );
  return rows.map((row) => asId(row.message_id));
}

async function findByNetworkId(tx: Transaction, id: string): Promise<MessageId[]> {
  const rows = await tx.query<{ message_id: string }>(
    `select message_id from (
       select id as message_id, received_at as at from inbox where update_key = $1
       union select coalesce(message_id, id), created_at from outbox where network_message_id = $1
     ) found group by message_id order by max(at) desc limit 20`,
    [id],
  );
  return rows.map((row) => asId(row.message_id));
}

/** States first, then what happened: each statement sees what was committed meanwhile, and no state may lack its event. */
async function read(
  tx: Transaction,
  tenantId: Passport["tenantId"],
  messageId: MessageId,
): Promise<Passport> {
  const [inbox] = await tx.query<{
    bot_id: string;
    conversation_id: string;
    state: string;
    dead_reason: string | null;
  }>("select bot_id, conversation_id, state, dead_reason from inbox where id = $1", [messageId]);
  const parts = await tx.query<{
    id: string;
    state: string;
    attempts: number;
    network_message_id: string | null;
    reason: string | null;
  }>(
    "select id, state, attempts, network_message_id, reason from outbox where message_id = $1 or id = $1 order by position",
    [messageId],
  );
  const events = await tx.query<{
    kind: PassportEventKind;
    happened_at: Date;
    detail: Record<string, unknown>;
  }>(
    "select kind, happened_at, detail from passport_event where message_id = $1 order by happened_at, id limit 500",
    [messageId],
  );
  return {
    tenantId,
    messageId,
    botId: inbox && asId(inbox.bot_id),
    conversationId: inbox && asId(inbox.conversation_id),
    state: inbox?.state,
    deadReason: inbox?.dead_reason ?? undefined,
    events: events.map((event) => ({
      kind: event.kind,
      at: event.happened_at,
      detail: event.detail,
    })),
    parts: parts.map((part) => ({
      outboxId: part.id,
      state: part.state,
      attempts: part.attempts,
      networkMessageId: part.network_message_id ?? undefined,
      reason: part.reason ?? undefined,
    })),
  };
}
