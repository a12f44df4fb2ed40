import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import type { DeskParts } from "../../core/desk.ts";
import { asId, type OutboxId, type PersonId, type TenantId } from "../../core/ids.ts";
import { searchWords } from "../../core/search-words.ts";
import { reserveSlots } from "../commit-turns.ts";
import type { Transaction } from "../database.ts";
import { hashWords } from "./hash-words.ts";
import type { Locked } from "./lock-conversation.ts";

/** Before everything of the bot's. */
const PRIORITY_PERSON = 0;

export interface DeskMessage extends Pick<DeskParts, "text" | "files" | "parts" | "pace"> {
  readonly id: string;
  readonly kind: "reply" | "notice" | "phone";
  readonly author: PersonId | undefined;
}

/**
 * Writes what a person says, or what we say about persons, as a turn, and queues its parts, in one statement. Called
 * under the conversation's lock; `sendNextAt` is that of the last message before. Returns the one after it.
 */
export async function writeDeskMessage(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  locked: Pick<Locked, "conversationId" | "botId" | "now" | "sendNextAt">,
  message: DeskMessage,
): Promise<{ readonly outboxIds: readonly OutboxId[]; readonly sendNextAt: number }> {
  const { conversationId, botId } = locked;
  const seal = (table: string, column: string, rowId: string, value: unknown) =>
    cipher.encrypt({ tenantId, table, column, rowId }, JSON.stringify(value)).toString("base64");
  const slots = reserveSlots(locked, message.pace, message.parts.length);
  const speaker = message.kind === "notice" ? "assistant" : "person";
  const { text, files } = message;
  const parts = message.parts.map((part, index) => {
    const id = uuidv7();
    return { id, part: seal("outbox", "part", id, part), not_before: slots.notBefore[index] };
  });
  const words = message.kind === "notice" ? [] : hashWords(cipher, tenantId, searchWords(text));
  await tx.query(
    {
      name: "desk-write-message",
      text: `with message as (
               insert into desk_message (tenant_id, id, conversation_id, kind, author)
               values ($1, $2, $3, $4, $5)
             ), said as (
               insert into turn (tenant_id, conversation_id, desk_message_id, speaker, content, said_at)
               values ($1, $3, $2, $6, decode($7, 'base64'), clock_timestamp())
             ), queued as (
               insert into outbox (tenant_id, id, bot_id, conversation_id, desk_message_id, priority, part, not_before)
               select $1, p.id, $8, $3, $2, ${PRIORITY_PERSON}, decode(p.part, 'base64'),
                      to_timestamp(p.not_before / 1000.0)
               from jsonb_to_recordset($9::jsonb) as p (id uuid, part text, not_before float8)
               returning id
             ), noted as (
               insert into passport_event (tenant_id, message_id, kind, detail)
               select $1, id, 'queued', jsonb_build_object('outbox', id, 'desk', $2::uuid) from queued
             ), worded as (
               insert into conversation_word (tenant_id, conversation_id, word_hash)
               select $1, $3, w.hash from unnest($10::bytea[]) as w (hash) order by w.hash on conflict do nothing
             )
             update conversation
             set last_message_at = now(), send_next_at = to_timestamp($11::float8 / 1000.0),
                 person_said_at = case when $6 = 'person' then clock_timestamp() else person_said_at end
             where tenant_id = $1 and id = $3`,
    },
    [
      tenantId,
      message.id,
      conversationId,
      message.kind,
      message.author ?? null,
      speaker,
      seal("turn", "content", `${message.id} ${speaker}`, { text, citations: [], files }),
      botId,
      JSON.stringify(parts),
      words,
      slots.nextAt,
    ],
  );
  return { outboxIds: parts.map(({ id }) => asId<OutboxId>(id)), sendNextAt: slots.nextAt };
}

/**
 * What the bot has queued and not begun to send is sent no more, and was never said: whoever takes over is not
 * interrupted. An answer of which a part is on its way goes on.
 */
export async function dropQueuedReplies(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
): Promise<void> {
  await tx.query(
    {
      name: "desk-drop-replies",
      text: `with unbegun as materialized (
               select o.id, o.message_id from outbox o
               where o.tenant_id = $1 and o.conversation_id = $2 and o.state = 'queued' and o.priority = 1
                 and not exists (select 1 from outbox begun
                                 where begun.message_id = o.message_id and begun.state <> 'queued')
               for no key update of o
             ), dropped as (
               update outbox o set state = 'failed', reason = 'handed-over', part = null, settled_at = now()
               from unbegun where o.id = unbegun.id
               returning o.id, o.message_id
             ), unsaid as (
               delete from turn t using dropped
               where t.message_id = dropped.message_id and t.speaker = 'assistant'
             )
             insert into passport_event (tenant_id, message_id, kind, detail)
             select $1, coalesce(message_id, id), 'dropped',
                    jsonb_build_object('outbox', id, 'reason', 'handed-over')
             from dropped`,
    },
    [tenantId, conversationId],
  );
}
