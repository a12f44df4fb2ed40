import type { Cipher } from "../core/cipher.ts";
import type { CitizenData } from "../core/citizen-data.ts";
import type { TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";

/** Reads what is kept of the person behind a conversation, on every bot of the tenant, in the clear. */
export function createCitizenData(database: Database, cipher: Cipher): CitizenData {
  return {
    export: (tenantId, conversationId) =>
      database.asTenant(tenantId, async (tx) => {
        const conversations = await tx.query<{
          id: string;
          memory: Buffer | null;
          created_at: Date;
          channel: string;
          takes_broadcasts: boolean;
          broadcasts_chosen_at: Date | null;
        }>(
          `select c.id, c.memory, c.created_at, b.channel, c.takes_broadcasts, c.broadcasts_chosen_at
           from conversation c join bot b on b.tenant_id = c.tenant_id and b.id = c.bot_id
           where c.kind = 'private' and (c.id = $1 or c.contact_id = (
             select contact_id from conversation where id = $1 and kind = 'private'))
           order by c.created_at`,
          [conversationId],
        );
        const exported = [];
        for (const conversation of conversations) {
          exported.push({
            channel: conversation.channel,
            since: conversation.created_at,
            broadcasts: {
              areTaken: conversation.takes_broadcasts,
              chosenAt: conversation.broadcasts_chosen_at ?? undefined,
            },
            preferences:
              conversation.memory &&
              open(
                cipher,
                tenantId,
                "conversation",
                "memory",
                conversation.id,
                conversation.memory,
              ),
            received: await readReceived(tx, cipher, tenantId, conversation.id),
            turns: await readTurns(tx, cipher, tenantId, conversation.id),
          });
        }
        return {
          exportedAt: new Date(),
          contact: await readContact(tx, cipher, tenantId, conversationId),
          conversations: exported,
        };
      }),
  };
}

function open(
  cipher: Cipher,
  tenantId: TenantId,
  table: string,
  column: string,
  rowId: string,
  envelope: Buffer,
): unknown {
  return JSON.parse(cipher.decrypt({ tenantId, table, column, rowId }, envelope));
}

async function readContact(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<unknown> {
  const [contact] = await tx.query<{ id: string; identity: Buffer | null; created_at: Date }>(
    "select k.id, k.identity, k.created_at from contact k join conversation c on c.contact_id = k.id where c.id = $1",
    [conversationId],
  );
  if (contact === undefined) return undefined;
  return {
    since: contact.created_at,
    identity:
      contact.identity &&
      open(cipher, tenantId, "contact", "identity", contact.id, contact.identity),
  };
}

async function readReceived(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<unknown[]> {
  const rows = await tx.query<{ id: string; message: Buffer; received_at: Date }>(
    "select id, message, received_at from inbox where conversation_id = $1 and message is not null order by position",
    [conversationId],
  );
  return rows.map((row) => ({
    receivedAt: row.received_at,
    message: open(cipher, tenantId, "inbox", "message", row.id, row.message),
  }));
}

async function readTurns(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<unknown[]> {
  const rows = await tx.query<{
    message_id: string;
    speaker: string;
    content: Buffer;
    said_at: Date;
  }>(
    "select coalesce(message_id, desk_message_id) as message_id, speaker, content, said_at from turn where conversation_id = $1 order by id",
    [conversationId],
  );
  return rows.map((row) => ({
    speaker: row.speaker,
    saidAt: row.said_at,
    said: open(
      cipher,
      tenantId,
      "turn",
      "content",
      `${row.message_id} ${row.speaker}`,
      row.content,
    ),
  }));
}
