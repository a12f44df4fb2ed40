import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";
import type { AnsweredMessage } from "../core/ledgers.ts";
import { eraseCitizen } from "./contacts/erase-citizen.ts";
import { noteConsentSaid } from "./contacts/note-consent.ts";
import type { Transaction } from "./database.ts";
import { askForPerson, needNoPerson } from "./desk/ask-for-person.ts";
import { dropQueued } from "./drop-queued.ts";
import { hashChat } from "./inbox.ts";
import { changeSubscription, subscribe } from "./subscriptions/subscription-rows.ts";

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
        await noteConsentSaid(tx, tenantId, answer.due, effect.taken);
        break;
      case "ask-for-person":
        await askForPerson(tx, tenantId, conversationId, effect.why);
        break;
      case "need-no-person":
        await needNoPerson(tx, tenantId, conversationId);
        break;
      case "subscribe":
        if (answer.due.contactId !== undefined) {
          const { contactId } = answer.due;
          await subscribe(tx, cipher, { tenantId, conversationId, contactId }, effect);
        }
        break;
      case "change-subscription":
        await changeSubscription(tx, tenantId, conversationId, effect);
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
        await eraseCitizen(tx, cipher, tenantId, {
          contactId: answer.due.contactId,
          request: { messageId: answer.due.messageId, conversationId },
          actor: "citizen",
        });
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
