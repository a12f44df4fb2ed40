import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";
import type { AnsweredMessage } from "../core/ledgers.ts";
import type { Transaction } from "./database.ts";
import { askForPerson, forgetDesk, needNoPerson } from "./desk/ask-for-person.ts";
import { hashChat } from "./inbox.ts";

/** SQL for a hash of nothing: a row whose look-up key was erased is found by nobody. */
export const RANDOM_HASH = "decode(replace(gen_random_uuid()::text, '-', ''), 'hex')";

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
        if (!effect.reachable) await dropQueued(tx, tenantId, conversationId, "unreachable");
        break;
      case "set-broadcasts":
        await setBroadcasts(tx, tenantId, conversationId, effect.taken);
        break;
      case "ask-for-person":
        await askForPerson(tx, tenantId, conversationId, effect.why);
        break;
      case "need-no-person":
        await needNoPerson(tx, tenantId, conversationId);
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

/** What is queued of broadcasts goes with the consent; what is on its way cannot be called back. */
async function setBroadcasts(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
  taken: boolean,
): Promise<void> {
  const changed = await tx.query(
    `update conversation set takes_broadcasts = $3, broadcasts_chosen_at = now()
     where tenant_id = $1 and id = $2 and (takes_broadcasts <> $3 or broadcasts_chosen_at is null)
     returning id`,
    [tenantId, conversationId, taken],
  );
  if (!taken) {
    await tx.query(
      `with dropped as (
         update outbox set state = 'failed', reason = 'unsubscribed', settled_at = now()
         where tenant_id = $1 and conversation_id = $2 and state = 'queued' and priority = 2
         returning id
       )
       insert into passport_event (tenant_id, message_id, kind, detail)
       select $1, id, 'dropped', jsonb_build_object('outbox', id, 'reason', 'unsubscribed') from dropped`,
      [tenantId, conversationId],
    );
  }
  if (changed.length === 0) return;
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject) values ($1, 'citizen', $2, $3)",
    [tenantId, taken ? "broadcasts-accepted" : "broadcasts-refused", conversationId],
  );
}

/** What waits for this chat is not sent any more. */
export async function dropQueued(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
  reason: string,
): Promise<void> {
  await tx.query(
    `update outbox set state = 'failed', reason = $3, settled_at = now()
     where tenant_id = $1 and conversation_id = $2 and state = 'queued'`,
    [tenantId, conversationId, reason],
  );
}

/**
 * The chat has another key from now on. If a conversation with that key is already there (people wrote in
 * the new chat before we learnt of the move), it stays, and what is queued in the old one goes there.
 */
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
  const moved = await tx.query(
    `update conversation c set chat_hash = decode($3, 'hex'), chat = $4
     where tenant_id = $1 and id = $2 and not exists (
       select 1 from conversation o where o.tenant_id = $1 and o.bot_id = $5 and o.chat_hash = decode($3, 'hex'))
     returning id`,
    [move.tenantId, move.conversationId, hash, chat, move.botId],
  );
  if (moved.length > 0) return;
  await tx.query(
    `update conversation c set takes_broadcasts = false, broadcasts_chosen_at = o.broadcasts_chosen_at
     from conversation o
     where o.tenant_id = $1 and o.id = $2 and not o.takes_broadcasts
       and c.tenant_id = $1 and c.bot_id = $4 and c.chat_hash = decode($3, 'hex')`,
    [move.tenantId, move.conversationId, hash, move.botId],
  );
  await tx.query(
    `update outbox o set conversation_id = c.id from conversation c
     where c.tenant_id = $1 and c.bot_id = $4 and c.chat_hash = decode($3, 'hex')
       and o.tenant_id = $1 and o.conversation_id = $2 and o.state = 'queued'`,
    [move.tenantId, move.conversationId, hash, move.botId],
  );
}

/**
 * Erases what is kept of a person: every private conversation of the contact, on every bot of the tenant,
 * up to this message; what was written after it is a new beginning. The update keys stay, without content,
 * so that a replay of an old message is still a duplicate. The chat's key stays until the farewell of this
 * turn is sent, and is forgotten then (`outbox-settle`).
 */
async function eraseContact(
  tx: Transaction,
  tenantId: TenantId,
  { due }: AnsweredMessage,
): Promise<void> {
  const conversations = await tx.query<{ id: string }>(
    `select id from conversation
     where tenant_id = $1 and kind = 'private' and (id = $2 or contact_id = $3)`,
    [tenantId, due.lease.conversationId, due.contactId ?? null],
  );
  const ids = conversations.map((row) => row.id);
  await tx.query("delete from turn where tenant_id = $1 and conversation_id = any($2)", [
    tenantId,
    ids,
  ]);
  await tx.query(
    `update inbox set message = null, dead_reason = null,
            state = case when state = 'pending' and id <> $3 then 'answered' else state end
     where tenant_id = $1 and conversation_id = any($2)
       and position <= (select position from inbox where tenant_id = $1 and id = $3)`,
    [tenantId, ids, due.messageId],
  );
  await tx.query(
    `update outbox set part = null, reason = 'erased',
            state = case when state in ('queued', 'unknown') then 'failed' else state end
     where tenant_id = $1 and conversation_id = any($2) and message_id is distinct from $3`,
    [tenantId, ids, due.messageId],
  );
  await tx.query("delete from web_chat_entry where tenant_id = $1 and conversation_id = any($2)", [
    tenantId,
    ids,
  ]);
  await forgetDesk(tx, tenantId, ids);
  // By the hashes of the chats, which are forgotten next.
  await tx.query(
    `delete from chat_mark m using conversation c
     where c.tenant_id = $1 and c.id = any($2) and m.chat_hash = c.chat_hash and m.bot_id = c.bot_id`,
    [tenantId, ids],
  );
  await tx.query(
    `update conversation c
     set memory = null, takes_broadcasts = true, broadcasts_chosen_at = null,
         due_at = (select i.not_before from inbox i
                   where i.conversation_id = c.id and i.state = 'pending' and i.id <> $3
                   order by i.position limit 1),
         chat = case when kept.chat then c.chat else '' end,
         chat_hash = case when kept.chat then c.chat_hash else ${RANDOM_HASH} end
     from (select held.id, held.id = $4 or exists (
                    select 1 from inbox i where i.conversation_id = held.id and i.state = 'pending'
                  ) as chat
           from unnest($2::uuid[]) as held (id)) kept
     where c.id = kept.id and c.tenant_id = $1`,
    [tenantId, ids, due.messageId, due.lease.conversationId],
  );
  if (due.contactId === undefined) return;
  await tx.query("delete from contact where tenant_id = $1 and id = $2", [tenantId, due.contactId]);
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject) values ($1, 'citizen', 'contact-erased', $2)",
    [tenantId, due.contactId],
  );
}
