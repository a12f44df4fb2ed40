import { v7 as uuidv7 } from "uuid";
import type { ChannelPart } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { DeskActor, DeskStore, ReplyOutcome } from "../../core/desk.ts";
import type { EventDetails } from "../../core/events.ts";
import {
  asId,
  type BotId,
  type ConversationId,
  type OutboxId,
  type TenantId,
} from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { heldByOther, take } from "./holds.ts";
import { lockConversation } from "./lock-conversation.ts";
import { noteDesk } from "./note-desk.ts";
import { writeDeskMessage } from "./write-desk-message.ts";

export function createReplies(
  database: Database,
  cipher: Cipher,
): Pick<DeskStore, "reply" | "resend" | "findResendable"> {
  return {
    reply: (tenantId, conversationId, by, reply) =>
      database.asTenant(tenantId, async (tx): Promise<ReplyOutcome> => {
        const locked = await lockConversation(tx, tenantId, conversationId);
        if (locked === undefined) return { kind: "unknown" };
        if (!locked.isReachable) return { kind: "unreachable" };
        const other = heldByOther(locked, by.personId);
        if (other !== undefined) return { kind: "taken", hold: other };
        const before = await findQueued(tx, tenantId, conversationId, reply.id);
        if (before !== undefined) return before;
        const { sendNextAt } = await take(tx, cipher, tenantId, locked, by, reply);
        const { id } = reply;
        const { outboxIds } = await writeDeskMessage(
          tx,
          cipher,
          tenantId,
          { ...locked, sendNextAt },
          { ...reply, kind: "reply", author: by.personId },
        );
        await noteDesk(tx, tenantId, conversationId, by, "conversation-replied", {
          message: id,
          parts: outboxIds.length,
          files: reply.files.length,
        });
        await tellChange(tx, tenantId, conversationId, "reply", by);
        return { kind: "queued", id, outboxIds };
      }),
    resend: (tenantId, conversationId, outboxId, by) =>
      database.asTenant(tenantId, (tx) =>
        resend(tx, cipher, tenantId, { conversationId, outboxId, by }),
      ),
    findResendable: (channels, afterMs) =>
      database.asDispatcher((tx) =>
        tx.query<{ tenantId: TenantId; outboxId: OutboxId; botId: BotId }>(
          `select o.tenant_id as "tenantId", o.id as "outboxId", o.bot_id as "botId"
           from outbox o join bot b on b.id = o.bot_id
           where o.state = 'unknown' and o.priority < 2 and o.resend_of is null and b.channel = any($1)
             and o.settled_at < now() - $2 * interval '1 millisecond'
             and o.settled_at > now() - interval '1 hour'
             and not exists (select 1 from outbox again where again.resend_of = o.id)
           order by o.settled_at limit 100`,
          [channels, afterMs],
        ),
      ),
  };
}

/** The request comes again that queued it, after a crash before its answer. */
async function findQueued(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: ConversationId,
  id: string,
): Promise<ReplyOutcome | undefined> {
  const rows = await tx.query<{ outbox_id: OutboxId | null }>(
    `select o.id as outbox_id from desk_message m left join outbox o on o.desk_message_id = m.id
     where m.tenant_id = $1 and m.conversation_id = $2 and m.id = $3 order by o.position`,
    [tenantId, conversationId, id],
  );
  if (rows.length === 0) return undefined;
  return { kind: "queued", id, outboxIds: rows.flatMap(({ outbox_id }) => outbox_id ?? []) };
}

interface UnknownPart {
  readonly bot_id: BotId;
  readonly conversation_id: ConversationId;
  readonly message_id: string | null;
  readonly desk_message_id: string | null;
  readonly priority: number;
  readonly part: Buffer | null;
  readonly state: string;
  readonly is_reachable: boolean;
}

/** Under the part's lock: of two who ask at once, one sends it. The first stays `unknown`, as is true of it. */
async function resend(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  asked: {
    readonly conversationId: ConversationId | undefined;
    readonly outboxId: OutboxId;
    readonly by: DeskActor | undefined;
  },
): ReturnType<DeskStore["resend"]> {
  const [row] = await tx.query<UnknownPart>(
    `select o.bot_id, o.conversation_id, o.message_id, o.desk_message_id, o.priority, o.part, o.state, c.is_reachable
     from outbox o join conversation c on c.id = o.conversation_id
     where o.tenant_id = $1 and o.id = $2 and ($3::uuid is null or o.conversation_id = $3)
     for no key update of o`,
    [tenantId, asked.outboxId, asked.conversationId ?? null],
  );
  if (row === undefined) return { kind: "unknown" };
  if (row.state !== "unknown" || row.part === null || !row.is_reachable) return { kind: "state" };
  const again = await tx.query("select 1 from outbox where resend_of = $1", [asked.outboxId]);
  if (again.length > 0) return { kind: "again" };
  const id = asId<OutboxId>(uuidv7());
  const place = (rowId: string) => ({ tenantId, table: "outbox", column: "part", rowId });
  const part = JSON.parse(cipher.decrypt(place(asked.outboxId), row.part)) as ChannelPart;
  await tx.query(
    `insert into outbox (tenant_id, id, bot_id, conversation_id, message_id, desk_message_id, priority, part, resend_of)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenantId,
      id,
      row.bot_id,
      row.conversation_id,
      row.message_id,
      row.desk_message_id,
      row.priority,
      cipher.encrypt(place(id), JSON.stringify(part)),
      asked.outboxId,
    ],
  );
  await tx.query(
    "insert into passport_event (tenant_id, message_id, kind, detail) values ($1, $2, 'queued', $3)",
    [
      tenantId,
      row.message_id ?? asked.outboxId,
      JSON.stringify({ outbox: id, resendOf: asked.outboxId, by: asked.by?.actor ?? "system" }),
    ],
  );
  await noteDesk(tx, tenantId, asked.outboxId, asked.by, "part-resent", { as: id });
  await tellChange(tx, tenantId, row.conversation_id, "resend", asked.by);
  return { kind: "queued", outboxId: id, botId: row.bot_id };
}

export type ConversationChange = EventDetails["conversation-changed"]["change"];

export async function tellChange(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: ConversationId,
  change: ConversationChange,
  by: DeskActor | undefined,
): Promise<void> {
  const detail = { conversationId, change, ...(by === undefined ? {} : { personId: by.personId }) };
  await appendEvents(tx, tenantId, [{ kind: "conversation-changed", detail }]);
}
