import { v7 as uuidv7 } from "uuid";
import type { AcceptedMessage } from "../core/acceptor.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { Arrival, Inbox } from "../core/ledgers.ts";
import type { Database, Transaction } from "./database.ts";

/** An arrival with its look-up hash and the id that it gets if it is not a duplicate. */
interface Keyed extends Arrival {
  readonly messageId: MessageId;
  /** Hex; also the row id under which the chat's key is encrypted. */
  readonly chatHash: string;
}

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

interface Found {
  readonly id: string;
  /** A private chat whose contact was erased: who writes there again is a new contact. */
  readonly lacksContact: boolean;
}

/**
 * Locks the conversations of the arrivals, in the order of their ids so that two processes never wait
 * for each other in a circle, creating those that are not there. A repeated update creates nothing: the
 * replay of an erased message must not bring its sender back. Returns `bot chatHash` → conversation.
 */
async function lockConversations(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  arrivals: readonly Keyed[],
): Promise<ReadonlyMap<string, Found>> {
  const found = await findConversations(tx, arrivals);
  const isWhole = (arrival: Keyed) => found.get(chatOf(arrival))?.lacksContact === false;
  const lacking = arrivals.filter((arrival) => !isWhole(arrival));
  if (lacking.length === 0) return found;
  const known = await findKnownUpdates(tx, lacking);
  const fresh = lacking.filter((arrival) => !known.has(updateOf(arrival)));
  for (const arrival of new Map(fresh.map((arrival) => [chatOf(arrival), arrival])).values()) {
    const conversation = found.get(chatOf(arrival));
    if (conversation === undefined) await createConversation(tx, cipher, tenantId, arrival);
    else {
      await tx.query("update conversation set contact_id = $2 where id = $1", [
        conversation.id,
        await ensureContact(tx, cipher, tenantId, arrival),
      ]);
    }
  }
  return findConversations(tx, arrivals);
}

const chatOf = (arrival: Keyed) => `${arrival.bot.botId} ${arrival.chatHash}`;
const updateOf = ({ bot, message }: Arrival) => `${bot.botId} ${message.updateKey}`;

async function findKnownUpdates(
  tx: Transaction,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ bot_id: string; update_key: string }>(
    {
      name: "inbox-find-known",
      text: `select i.bot_id, i.update_key
             from unnest($1::uuid[], $2::text[]) as wanted (bot_id, update_key)
             join inbox i on i.update_key = wanted.update_key and i.bot_id = wanted.bot_id`,
    },
    [arrivals.map(({ bot }) => bot.botId), arrivals.map(({ message }) => message.updateKey)],
  );
  return new Set(rows.map((row) => `${row.bot_id} ${row.update_key}`));
}

async function findConversations(
  tx: Transaction,
  arrivals: readonly Keyed[],
): Promise<Map<string, Found>> {
  const rows = await tx.query<{
    id: string;
    bot_id: string;
    chat_hash: Buffer;
    lacks_contact: boolean;
  }>(
    {
      name: "inbox-find-conversations",
      text: `select c.id, c.bot_id, c.chat_hash, c.kind = 'private' and c.contact_id is null as lacks_contact
             from conversation c
             where (c.chat_hash, c.bot_id) in (
               select h, b from unnest($1::uuid[], $2::bytea[]) as wanted (b, h))
             order by c.id
             for no key update`,
    },
    [
      arrivals.map((arrival) => arrival.bot.botId),
      // As bytes, not decoded in SQL: a function that is not leakproof keeps row security from using the index.
      arrivals.map((arrival) => Buffer.from(arrival.chatHash, "hex")),
    ],
  );
  return new Map(
    rows.map((row) => [
      `${row.bot_id} ${row.chat_hash.toString("hex")}`,
      { id: row.id, lacksContact: row.lacks_contact },
    ]),
  );
}

/** A private chat's conversation belongs to a contact, found or made by its alias; a group's to nobody. */
async function createConversation(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { bot, message, chatHash }: Keyed,
): Promise<void> {
  const contactId =
    message.chat.kind === "private"
      ? await ensureContact(tx, cipher, tenantId, { bot, message })
      : null;
  const chat = cipher.encrypt(
    { tenantId, table: "conversation", column: "chat", rowId: chatHash },
    message.chat.key,
  );
  await tx.query(
    `insert into conversation (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat)
     values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7)
     on conflict (tenant_id, bot_id, chat_hash) do nothing`,
    [tenantId, uuidv7(), bot.botId, contactId, message.chat.kind, chatHash, chat],
  );
}

async function ensureContact(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { bot, message }: Arrival,
): Promise<string> {
  const contactId = uuidv7();
  const identity = cipher.encrypt(
    { tenantId, table: "contact", column: "identity", rowId: contactId },
    JSON.stringify({ displayName: message.sender.displayName }),
  );
  await tx.query("insert into contact (tenant_id, id, identity) values ($1, $2, $3)", [
    tenantId,
    contactId,
    identity,
  ]);
  // The update locks the alias that won, so that its contact is read as committed.
  const [alias] = await tx.query<{ contact_id: string }>(
    `insert into contact_alias (tenant_id, channel, alias_hash, contact_id) values ($1, $2, $3, $4)
     on conflict (tenant_id, channel, alias_hash) do update set channel = excluded.channel
     returning contact_id`,
    [
      tenantId,
      bot.channel,
      cipher.hash("alias", `${tenantId} ${bot.channel} ${message.sender.key}`),
      contactId,
    ],
  );
  if (alias === undefined)
    throw new PregoneroError("contact-lost", "The contact's alias was not stored.");
  if (alias.contact_id !== contactId) {
    await tx.query("delete from contact where tenant_id = $1 and id = $2", [tenantId, contactId]);
  }
  return alias.contact_id;
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
