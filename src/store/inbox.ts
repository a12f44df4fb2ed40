import { v7 as uuidv7 } from "uuid";
import type { AcceptedMessage } from "../core/acceptor.ts";
import type { Cipher } from "../core/cipher.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { Inbox } from "../core/ledgers.ts";
import type { Database, Transaction } from "./database.ts";
import {
  chatOf,
  type Found,
  type Keyed,
  lockConversations,
  updateOf,
} from "./lock-conversations.ts";

/** Hop 1's ledger on PostgreSQL. A crash before the commit leaves nothing; after it, everything. */
export function createInbox(database: Database, cipher: Cipher): Inbox {
  return {
    accept(tenantId, arrivals) {
      const keyed = arrivals.map((arrival) => ({
        ...arrival,
        messageId: asId<MessageId>(uuidv7()),
        chatHash: hashChat(cipher, arrival.bot.botId, arrival.message.chat.key),
      }));
      return database.asTenant(tenantId, async (tx) => {
        const conversations = await lockConversations(tx, cipher, tenantId, keyed);
        const stored = await storeMessages(tx, cipher, tenantId, keyed, conversations);
        const originals =
          stored.size === keyed.length
            ? new Map<string, string>()
            : await noteDuplicates(tx, tenantId, keyed, stored);
        return keyed.map((arrival): AcceptedMessage => {
          const isDuplicate = !stored.has(arrival.messageId);
          const original = originals.get(updateOf(arrival));
          return {
            messageId: asId(isDuplicate ? (original ?? arrival.messageId) : arrival.messageId),
            isDuplicate,
          };
        });
      });
    },
  };
}

/** Hex HMAC under which a chat of a bot is found. */
export function hashChat(cipher: Cipher, botId: string, chatKey: string): string {
  return cipher.hash("chat", `${botId} ${chatKey}`).toString("hex");
}

/** Returns the ids that were stored; the others are duplicates. */
async function storeMessages(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  arrivals: readonly Keyed[],
  conversations: ReadonlyMap<string, Found>,
): Promise<ReadonlySet<string>> {
  // Without a conversation it is a known update of a chat that was forgotten.
  const storable = arrivals.filter((arrival) => conversations.has(chatOf(arrival)));
  const rows = storable.map((arrival) => ({
    id: arrival.messageId,
    bot: arrival.bot.botId,
    channel: arrival.bot.channel,
    conversation: conversations.get(chatOf(arrival))?.id,
    key: arrival.message.updateKey,
    content: arrival.message.content.kind,
    message: cipher
      .encrypt(
        { tenantId, table: "inbox", column: "message", rowId: arrival.messageId },
        JSON.stringify(arrival.message),
      )
      .toString("base64"),
  }));
  const stored = await tx.query<{ id: string }>(
    {
      name: "inbox-store",
      text: `with arrival as (
               select * from jsonb_to_recordset($2::jsonb) as a (
                 id uuid, bot uuid, channel text, conversation uuid, key text, content text, message text)
             ), stored as (
               insert into inbox (tenant_id, id, bot_id, conversation_id, update_key, message)
               select $1, id, bot, conversation, key, decode(message, 'base64') from arrival
               on conflict (tenant_id, bot_id, update_key) do nothing
               returning id, conversation_id
             ), noted as (
               insert into passport_event (tenant_id, message_id, kind, detail)
               select $1, s.id, 'received', jsonb_build_object(
                 'channel', a.channel, 'bot', a.bot, 'conversation', a.conversation,
                 'updateKey', a.key, 'content', a.content)
               from stored s join arrival a on a.id = s.id
             ), woken as (
               update conversation c set due_at = least(c.due_at, now())
               where c.id in (select conversation_id from stored)
             )
             select id from stored`,
    },
    [tenantId, JSON.stringify(rows)],
  );
  return new Set(stored.map((row) => row.id));
}

/** Notes each repetition in the first arrival's passport. Returns `bot updateKey` → its message id. */
async function noteDuplicates(
  tx: Transaction,
  tenantId: TenantId,
  arrivals: readonly Keyed[],
  stored: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const repeated = arrivals.filter((arrival) => !stored.has(arrival.messageId));
  const rows = await tx.query<{ id: string; bot_id: string; update_key: string }>(
    {
      name: "inbox-note-duplicates",
      text: `with original as (
               select distinct i.id, i.bot_id, i.update_key
               from unnest($2::uuid[], $3::text[]) as wanted (bot_id, update_key)
               join inbox i on i.update_key = wanted.update_key and i.bot_id = wanted.bot_id
             ), noted as (
               insert into passport_event (tenant_id, message_id, kind) select $1, id, 'duplicate' from original
             )
             select * from original`,
    },
    [
      tenantId,
      repeated.map((arrival) => arrival.bot.botId),
      repeated.map((arrival) => arrival.message.updateKey),
    ],
  );
  return new Map(rows.map((row) => [`${row.bot_id} ${row.update_key}`, row.id]));
}
