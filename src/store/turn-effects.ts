import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";
import type { AnsweredMessage } from "../core/ledgers.ts";
import type { Transaction } from "./database.ts";
import { hashChat } from "./inbox.ts";

/** Carries out what a turn changes besides what is said, in the turn's own transaction. */
export async function applyEffects(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  answer: AnsweredMessage,
): Promise<void> {
  const { conversationId, botId } = answer.due.lease;
  for (const effect of answer.effects) {
    switch (effect.kind) {
      case "set-reachable":
        await tx.query(
          "update conversation set is_reachable = $3 where tenant_id = $1 and id = $2",
          [tenantId, conversationId, effect.reachable],
        );
        break;
      case "migrate-chat":
        await moveChat(tx, cipher, {
          tenantId,
          conversationId,
          botId,
          newChatKey: effect.newChatKey,
        });
        break;
      case "erase-contact":
        await eraseContact(tx, tenantId, answer);
        break;
      default:
        effect satisfies never;
    }
  }
}

/** The chat has another key from now on. If a conversation with that key is already there, it stays as it is. */
export async function moveChat(
  tx: Transaction,
  cipher: Cipher,
  move: { tenantId: TenantId; conversationId: string; botId: string; newChatKey: string },
): Promise<void> {
  const hash = hashChat(cipher, move.botId, move.newChatKey);
  const chat = cipher.encrypt(
    { tenantId: move.tenantId, table: "conversation", column: "chat", rowId: hash },
    move.newChatKey,
  );
  await tx.query(
    `update conversation c set chat_hash = decode($3, 'hex'), chat = $4
     where tenant_id = $1 and id = $2 and not exists (
       select 1 from conversation o where o.tenant_id = $1 and o.bot_id = $5 and o.chat_hash = decode($3, 'hex'))`,
    [move.tenantId, move.conversationId, hash, chat, move.botId],
  );
}

/**
 * Erases what is kept of a person: every private conversation of the contact, on every bot of the tenant.
 * The update keys stay, without content, so that a replay of an old message is still a duplicate; what is
 * queued of this very turn stays until it is sent, and is scrubbed then.
 */
async function eraseContact(
  tx: Transaction,
  tenantId: TenantId,
  answer: AnsweredMessage,
): Promise<void> {
  const { due } = answer;
  if (due.contactId === undefined) return;
  const conversations = await tx.query<{ id: string }>(
    "select id from conversation where tenant_id = $1 and contact_id = $2 and kind = 'private'",
    [tenantId, due.contactId],
  );
  const ids = conversations.map((row) => row.id);
  await tx.query("delete from turn where tenant_id = $1 and conversation_id = any($2)", [
    tenantId,
    ids,
  ]);
  await tx.query(
    `update inbox set message = null, dead_reason = null,
            state = case when state = 'pending' and id <> $3 then 'answered' else state end
     where tenant_id = $1 and conversation_id = any($2)`,
    [tenantId, ids, due.messageId],
  );
  await tx.query(
    `update outbox set part = null, reason = 'erased', state = case when state = 'queued' then 'failed' else state end
     where tenant_id = $1 and conversation_id = any($2) and message_id is distinct from $3`,
    [tenantId, ids, due.messageId],
  );
  await tx.query("delete from web_chat_entry where tenant_id = $1 and conversation_id = any($2)", [
    tenantId,
    ids,
  ]);
  await tx.query(
    "update conversation set memory = null, due_at = null where tenant_id = $1 and id = any($2)",
    [tenantId, ids],
  );
  await tx.query("delete from contact where tenant_id = $1 and id = $2", [tenantId, due.contactId]);
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject) values ($1, 'citizen', 'contact-erased', $2)",
    [tenantId, due.contactId],
  );
}
