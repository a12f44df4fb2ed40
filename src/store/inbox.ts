import { v7 as uuidv7 } from "uuid";
import type { AcceptedMessage } from "../core/acceptor.ts";
import type { Cipher } from "../core/cipher.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { Inbox } from "../core/ledgers.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { Database, Transaction } from "./database.ts";
import {
  chatOf,
  type Found,
  type Keyed,
  lockConversations,
  updateOf,
} from "./lock-conversations.ts";
import { repeatOnDeadlock } from "./repeat-on-deadlock.ts";
import { STORE, STORE_BURSTS } from "./store-messages.ts";

/** Hop 1's ledger on PostgreSQL. A crash before the commit leaves nothing; after it, everything. */
export function createInbox(database: Database, cipher: Cipher): Inbox {
  return {
    accept(tenantId, arrivals) {
      const keyed = arrivals.map((arrival) => ({
        ...arrival,
        messageId: asId<MessageId>(uuidv7()),
        chatHash: hashChat(cipher, arrival.bot.botId, arrival.message.chat.key),
      }));
      const store = async (tx: Transaction) => {
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
      };
      return repeatOnDeadlock(() => database.asTenant(tenantId, store));
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
    written_at: whenWritten(arrival.message),
    burst_ms: arrival.burstWindowMs ?? null,
    message: cipher
      .encrypt(
        { tenantId, table: "inbox", column: "message", rowId: arrival.messageId },
        JSON.stringify(arrival.message),
      )
      .toString("base64"),
  }));
  const statement = rows.some(({ burst_ms }) => burst_ms !== null) ? STORE_BURSTS : STORE;
  const stored = await tx.query<{ id: string }>(statement, [tenantId, JSON.stringify(rows)]);
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

/** ISO 8601; undefined for what no person wrote. A network's clock that is ahead of ours is not believed. */
function whenWritten({ content, sentAt }: IncomingMessage): string | undefined {
  if (content.kind === "membership" || content.kind === "migration") return undefined;
  const at = Math.min(Date.parse(sentAt), Date.now());
  return at > 0 ? new Date(at).toISOString() : undefined;
}
