import type { Cipher, CipherPlace } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Vote } from "../core/feedback.ts";
import { asId, type BotId, type TenantId } from "../core/ids.ts";
import type { WebChatEntry, WebChatLog } from "../core/web-chat-log.ts";
import type { Database, Transaction } from "./database.ts";
import { isAnswer } from "./feedback/is-answer.ts";
import { hashChat } from "./inbox.ts";

/** Entries per reading; whoever needs more reads on from the last position. */
const PAGE = 200;

/**
 * Keeps web chats in `web_chat_entry`. A crash before the commit leaves nothing; after it, the entry,
 * which the same call made again finds. Erased with the contact (`src/store/turn-effects.ts`).
 */
export function createWebChatLog(database: Database, cipher: Cipher): WebChatLog {
  return {
    append(tenantId, botId, chatKey, outboxId, part) {
      return database.asTenant(tenantId, async (tx) => {
        const conversationId = await findConversation(tx, cipher, tenantId, botId, chatKey);
        if (conversationId === undefined) {
          throw new PregoneroError("chat-unknown", "No message was ever accepted from this chat.", {
            status: 404,
          });
        }
        await lockConversationLog(tx, conversationId);
        const envelope = cipher.encrypt(
          place(tenantId, conversationId, outboxId),
          JSON.stringify(part),
        );
        return (
          (await insertEntry(tx, [tenantId, conversationId, outboxId, envelope])) ??
          (await positionOf(tx, tenantId, conversationId, outboxId)) ??
          neverStored()
        );
      });
    },
    listAfter(tenantId, botId, chatKey, position) {
      return database.asTenant(tenantId, async (tx) => {
        const conversationId = await findConversation(tx, cipher, tenantId, botId, chatKey);
        if (conversationId === undefined) return [];
        const rows = await readEntries(tx, tenantId, conversationId, position);
        return rows.map(
          (row): WebChatEntry => ({
            position: Number(row.position),
            outboxId: asId(row.entry_id),
            part: JSON.parse(
              cipher.decrypt(place(tenantId, conversationId, row.entry_id), row.part),
            ) as WebChatEntry["part"],
            appendedAt: row.appended_at,
            ...(row.answers === null
              ? {}
              : { answer: { messageId: asId(row.answers), vote: row.vote ?? undefined } }),
          }),
        );
      });
    },
    find(tenantId, botId, chatKey, outboxId) {
      return database.asTenant(tenantId, async (tx) => {
        const conversationId = await findConversation(tx, cipher, tenantId, botId, chatKey);
        if (conversationId === undefined) return undefined;
        return positionOf(tx, tenantId, conversationId, outboxId);
      });
    },
  };
}

function place(tenantId: TenantId, conversationId: string, entryId: string): CipherPlace {
  return {
    tenantId,
    table: "web_chat_entry",
    column: "part",
    rowId: `${conversationId}/${entryId}`,
  };
}

async function findConversation(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  botId: BotId,
  chatKey: string,
): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(
    {
      name: "web-chat-find-conversation",
      text: `select id from conversation
             where tenant_id = $1 and bot_id = $2 and chat_hash = decode($3, 'hex')`,
    },
    [tenantId, botId, hashChat(cipher, botId, chatKey)],
  );
  return row?.id;
}

/** Until the transaction ends nobody else appends to this chat: positions are committed in their order. */
async function lockConversationLog(tx: Transaction, conversationId: string): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
    `web_chat_entry ${conversationId}`,
  ]);
}

/** Undefined when the entry is there already. */
async function insertEntry(
  tx: Transaction,
  values: readonly [tenantId: string, conversationId: string, entryId: string, envelope: Buffer],
): Promise<number | undefined> {
  const [row] = await tx.query<{ position: string }>(
    {
      name: "web-chat-append",
      text: `insert into web_chat_entry (tenant_id, conversation_id, entry_id, part)
             values ($1, $2, $3, $4)
             on conflict (tenant_id, conversation_id, entry_id) do nothing
             returning position`,
    },
    values,
  );
  return row === undefined ? undefined : Number(row.position);
}

async function positionOf(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
  entryId: string,
): Promise<number | undefined> {
  const [row] = await tx.query<{ position: string }>(
    `select position from web_chat_entry
     where tenant_id = $1 and conversation_id = $2 and entry_id = $3`,
    [tenantId, conversationId, entryId],
  );
  return row === undefined ? undefined : Number(row.position);
}

interface EntryRow {
  readonly position: string;
  readonly entry_id: string;
  readonly part: Buffer;
  readonly appended_at: Date;
  /** Null: it is no answer to a question, or not the last part of one. */
  readonly answers: string | null;
  readonly vote: Vote | null;
}

function readEntries(tx: Transaction, tenantId: TenantId, conversationId: string, after: number) {
  return tx.query<EntryRow>(
    {
      name: "web-chat-list-after",
      text: `select e.position, e.entry_id, e.part, e.appended_at, o.message_id as answers, f.vote
             from web_chat_entry e
             left join outbox o on o.id = e.entry_id and ${isAnswer("o.message_id")} and not exists (
               select 1 from outbox l where l.message_id = o.message_id and l.position > o.position)
             left join conversation c on c.id = e.conversation_id
             left join feedback f on f.message_id = o.message_id and f.contact_id = c.contact_id
             where e.tenant_id = $1 and e.conversation_id = $2 and e.position > $3
             order by e.position limit ${PAGE}`,
    },
    [tenantId, conversationId, after],
  );
}

function neverStored(): never {
  throw new PregoneroError("store-contention", "The entry was neither stored nor found.", {
    retry: "backoff",
    status: 503,
  });
}
