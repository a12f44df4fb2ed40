import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import type { ClaimOutcome, DeskActor, DeskParts, DeskStore, HoldView } from "../../core/desk.ts";
import type { NewEvent } from "../../core/events.ts";
import type { PhoneReply } from "../../core/hand-over.ts";
import type { ConversationId, PersonId, TenantId } from "../../core/ids.ts";
import type { ConversationMemory } from "../../core/turn.ts";
import { EMPTY_MEMORY } from "../conversations.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { hashChat } from "../inbox.ts";
import { type Locked, lockConversation, toHold } from "./lock-conversation.ts";
import { noteDesk } from "./note-desk.ts";
import { dropQueuedReplies, writeDeskMessage } from "./write-desk-message.ts";

/** Of what is remembered for the bot. */
const MAX_SUMMARY = 1_000;

type HoldState = Extract<NewEvent, { kind: "conversation-handed-over" }>["detail"]["state"];

export function createHolds(
  database: Database,
  cipher: Cipher,
): Pick<DeskStore, "claim" | "release" | "findExpired" | "expire" | "notePhoneReply"> {
  return {
    claim: (tenantId, conversationId, by, claim) =>
      database.asTenant(tenantId, async (tx): Promise<ClaimOutcome> => {
        const locked = await lockConversation(tx, tenantId, conversationId);
        if (locked === undefined) return { kind: "unknown" };
        const other = heldByOther(locked, by.personId);
        if (other !== undefined) return { kind: "taken", hold: other };
        const { hold } = await take(tx, cipher, tenantId, locked, by, claim);
        return { kind: "claimed", hold };
      }),
    release: (tenantId, conversationId, by, { notice, summary, closes }) =>
      database.asTenant(tenantId, async (tx) => {
        const locked = await lockConversation(tx, tenantId, conversationId);
        if (locked?.hold?.personId !== by.personId) return false;
        await end(tx, cipher, tenantId, locked, {
          notice,
          summary,
          state: closes ? "closed" : "open",
        });
        await noteDesk(tx, tenantId, conversationId, by, "conversation-released", { closes });
        await tell(tx, tenantId, conversationId, "released", by.personId);
        return true;
      }),
    findExpired: () =>
      database.asDispatcher((tx) =>
        tx.query<{ tenantId: TenantId; conversationId: ConversationId; isByPhone: boolean }>(
          `select tenant_id as "tenantId", id as "conversationId", held_by is null as "isByPhone"
           from conversation where held_until <= now() order by held_until limit 100`,
        ),
      ),
    expire: ({ tenantId, conversationId }, { notice, summary }) =>
      database.asTenant(tenantId, async (tx) => {
        const locked = await lockConversation(tx, tenantId, conversationId);
        if (locked?.isExpired !== true) return false;
        await end(tx, cipher, tenantId, locked, { notice, summary, state: "open" });
        await noteDesk(tx, tenantId, conversationId, undefined, "conversation-hold-expired", {});
        await tell(tx, tenantId, conversationId, "expired", undefined);
        return true;
      }),
    notePhoneReply: (reply, minutes) =>
      database.asTenant(reply.tenantId, (tx) => notePhoneReply(tx, cipher, reply, minutes)),
  };
}

/** Undefined: nobody has it, the person themself, or somebody at the phone, from whom the desk may take it. */
export function heldByOther({ hold }: Locked, personId: PersonId): HoldView | undefined {
  return hold?.personId === undefined || hold.personId === personId ? undefined : hold;
}

/** Takes or prolongs, under the lock. `sendNextAt`: after the notice. */
export async function take(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  locked: Locked,
  by: DeskActor,
  { minutes, notice }: { readonly minutes: number; readonly notice: DeskParts | undefined },
): Promise<{ readonly hold: HoldView; readonly sendNextAt: number }> {
  const { conversationId } = locked;
  const isOwn = locked.hold?.personId === by.personId;
  const [row] = await tx.query<{ held_by: string; held_since: Date; held_until: Date }>(
    `update conversation
     set desk_state = 'with-person', held_by = $3, held_since = case when $5 then held_since else now() end,
         held_until = greatest(now() + $4 * interval '1 minute', case when $5 then held_until end),
         hold_token = hold_token + case when $5 then 0 else 1 end, assignee = coalesce(assignee, $3),
         asked_at = null, asked_why = null
     where tenant_id = $1 and id = $2
     returning held_by, held_since, held_until`,
    [tenantId, conversationId, by.personId, minutes, isOwn],
  );
  const hold = toHold(row ?? { held_by: null, held_since: null, held_until: null });
  await noteDesk(
    tx,
    tenantId,
    conversationId,
    by,
    isOwn ? "conversation-extended" : "conversation-claimed",
    { until: hold.until },
  );
  await tell(tx, tenantId, conversationId, isOwn ? "extended" : "claimed", by.personId);
  if (isOwn) return { hold, sendNextAt: locked.sendNextAt };
  await dropQueuedReplies(tx, tenantId, conversationId);
  const said = await sayNotice(tx, cipher, tenantId, locked, notice);
  return { hold, sendNextAt: said };
}

/** Gives back to the bot, which remembers `summary`. */
async function end(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  locked: Locked,
  ending: {
    readonly notice: DeskParts | undefined;
    readonly summary: string;
    readonly state: "open" | "closed";
  },
): Promise<void> {
  const { conversationId } = locked;
  const place = { tenantId, table: "conversation", column: "memory", rowId: conversationId };
  const memory =
    locked.memory === null
      ? EMPTY_MEMORY
      : (JSON.parse(cipher.decrypt(place, locked.memory)) as ConversationMemory);
  const kept = ending.summary === "" ? memory : remember(memory, ending.summary);
  await tx.query(
    `update conversation
     set desk_state = $3, held_by = null, held_since = null, held_until = null, hold_token = hold_token + 1,
         asked_at = null, asked_why = null, memory = $4
     where tenant_id = $1 and id = $2`,
    [tenantId, conversationId, ending.state, cipher.encrypt(place, JSON.stringify(kept))],
  );
  await sayNotice(tx, cipher, tenantId, locked, ending.notice);
}

/** What came before is cut, not what is new. */
function remember(memory: ConversationMemory, summary: string): ConversationMemory {
  const before = memory.summary?.text ?? "";
  const text = `${before}\n${summary}`.trim().slice(-MAX_SUMMARY).toWellFormed();
  return { ...memory, summary: { questions: memory.summary?.questions ?? [], text } };
}

/** To who cannot be reached nothing is said. */
async function sayNotice(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  locked: Locked,
  notice: DeskParts | undefined,
): Promise<number> {
  if (notice === undefined || !locked.isReachable) return locked.sendNextAt;
  const message = { ...notice, id: uuidv7(), kind: "notice", author: undefined } as const;
  return (await writeDeskMessage(tx, cipher, tenantId, locked, message)).sendNextAt;
}

async function tell(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: ConversationId,
  state: HoldState,
  personId: PersonId | undefined,
): Promise<void> {
  const detail = { conversationId, state, ...(personId === undefined ? {} : { personId }) };
  await appendEvents(tx, tenantId, [{ kind: "conversation-handed-over", detail }]);
}

/**
 * While one of our own parts is on its way in that chat, or has lately left with nobody knowing whether it arrived,
 * nobody can say whose message it is that the network tells of: it is taken for ours.
 */
async function notePhoneReply(
  tx: Transaction,
  cipher: Cipher,
  reply: PhoneReply,
  minutes: number,
): Promise<boolean> {
  const { tenantId, botId, networkMessageId } = reply;
  const [found] = await tx.query<{ id: ConversationId }>(
    "select id from conversation where tenant_id = $1 and bot_id = $2 and chat_hash = $3",
    [tenantId, botId, Buffer.from(hashChat(cipher, botId, reply.chatKey), "hex")],
  );
  if (found === undefined) return false;
  const locked = await lockConversation(tx, tenantId, found.id);
  if (locked === undefined) return false;
  const id = idOf(botId, networkMessageId);
  const known = await tx.query(
    `select 1 from outbox where conversation_id = $2 and bot_id = $3 and network_message_id = $4
     union all
     select 1 from outbox where conversation_id = $2
       and (state = 'attempting' or state = 'unknown' and attempted_at > now() - interval '10 minutes')
     union all
     select 1 from desk_message where tenant_id = $1 and id = $5
     limit 1`,
    [tenantId, found.id, botId, networkMessageId, id],
  );
  if (known.length > 0) return false;
  const isHeld = locked.hold !== undefined;
  await tx.query(
    `update conversation
     set desk_state = 'with-person', held_since = case when $4 then held_since else now() end,
         held_by = case when $4 then held_by end,
         held_until = greatest(now() + $3 * interval '1 minute', case when $4 then held_until end),
         hold_token = hold_token + case when $4 then 0 else 1 end, asked_at = null, asked_why = null
     where tenant_id = $1 and id = $2`,
    [tenantId, found.id, minutes, isHeld],
  );
  if (!isHeld) await dropQueuedReplies(tx, tenantId, found.id);
  await writeDeskMessage(tx, cipher, tenantId, locked, {
    id,
    kind: "phone",
    author: undefined,
    text: reply.text ?? "",
    files: [],
    parts: [],
    pace: { intervalMs: 0, burst: 1 },
  });
  if (!isHeld) await tell(tx, tenantId, found.id, "claimed", undefined);
  return true;
}

/** A UUID that is the same each time the network tells of the message. */
function idOf(botId: string, networkMessageId: string): string {
  const hex = createHash("sha256").update(`${botId} ${networkMessageId}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
