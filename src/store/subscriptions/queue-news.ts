import { v7 as uuidv7 } from "uuid";
import type { ChannelName, ChannelPart } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type BotId, type TenantId } from "../../core/ids.ts";
import type { NewsTemplate } from "../../core/subscriptions.ts";
import { judgeContacts } from "../campaigns/judge.ts";
import type { Transaction } from "../database.ts";

/**
 * Broadcasts of one bot in the outbox at once, campaigns among them: some seconds of Telegram's pace. A refusal reaches
 * whoever is not in it yet at no cost, and the outbox stays short for everybody else's claims.
 */
const WINDOW = 200;
/** Messages of one step. */
export const STEP = 100;

export interface RoomyBot {
  readonly id: string;
  readonly room: number;
}

/**
 * Of several processes one at a time releases a tenant's news: what one person is told of one edition stays together.
 * False: another one does.
 */
export async function takeTurn(tx: Transaction, tenantId: TenantId): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }>(
    "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken",
    [`news ${tenantId}`],
  );
  return row?.taken === true;
}

/** Bots that can take more, and how much. */
export async function listRoomyBots(tx: Transaction): Promise<readonly RoomyBot[]> {
  const rows = await tx.query<{ id: string; queued: number }>({
    name: "news-room",
    text: `select b.id, (select count(*)::int from (
                    select 1 from outbox o where o.bot_id = b.id and o.state = 'queued' and o.priority = 2
                    limit ${WINDOW}) waiting) as queued
           from bot b where b.state = 'active'`,
  });
  return rows.flatMap(({ id, queued }) => (queued < WINDOW ? [{ id, room: WINDOW - queued }] : []));
}

export type Reach =
  | {
      readonly kind: "reach";
      readonly conversationId: string;
      readonly channel: ChannelName;
      /** Absent: free text reaches them. */
      readonly templates?: readonly NewsTemplate[];
    }
  | { readonly kind: "skip"; readonly reason: string };

/**
 * Who of a bot's contacts may be told now, as campaigns judge it: blocked, refused, unreachable, outside the window
 * (without a template of this kind).
 */
export async function judgeReach(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  botId: string,
  contactIds: readonly string[],
  templates: readonly NewsTemplate[],
): Promise<ReadonlyMap<string, Reach>> {
  const campaign = { tenantId, bots: [asId<BotId>(botId)], template: templates[0] };
  const judged = await judgeContacts(tx, cipher, campaign, [...new Set(contactIds)]);
  return new Map(
    judged.map(({ contactId, judgement }): [string, Reach] => {
      if (judgement.kind === "reach") {
        const { conversationId, channel, needsTemplate } = judgement;
        const by = needsTemplate ? { templates } : {};
        return [contactId, { kind: "reach", conversationId, channel, ...by }];
      }
      const reason = judgement.kind === "skip" ? judgement.reason : "no-chat";
      return [contactId, { kind: "skip", reason }];
    }),
  );
}

export interface QueuedNews {
  readonly botId: string;
  readonly conversationId: string;
  readonly parts: readonly ChannelPart[];
  /** For the passport: ids and figures. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts messages into the outbox, behind every reply; returns the id of each one's first part, in order. */
export async function queueNews(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  messages: readonly QueuedNews[],
): Promise<readonly string[]> {
  const first = messages.map(() => uuidv7());
  const rows = messages.flatMap(({ botId, conversationId, parts, detail }, message) =>
    parts.map((part, index) => {
      const id = (index === 0 ? first[message] : undefined) ?? uuidv7();
      const place = { tenantId, table: "outbox", column: "part", rowId: id };
      const sealed = cipher.encrypt(place, JSON.stringify(part)).toString("base64");
      return { id, conversation: conversationId, bot: botId, part: sealed, detail };
    }),
  );
  if (rows.length === 0) return first;
  await tx.query(
    {
      name: "news-queue",
      text: `with wanted as (
               select * from jsonb_to_recordset($2::jsonb)
                 as w (n int, id uuid, conversation uuid, bot uuid, part text, detail jsonb)
             ), queued as (
               insert into outbox (tenant_id, id, bot_id, conversation_id, priority, part)
               select $1, w.id, w.bot, w.conversation, 2, decode(w.part, 'base64') from wanted w order by w.n
               returning id
             )
             insert into passport_event (tenant_id, message_id, kind, detail)
             select $1, w.id, 'queued', jsonb_build_object('outbox', w.id) || w.detail
             from wanted w join queued on queued.id = w.id`,
    },
    [tenantId, JSON.stringify(rows.map((row, n) => ({ n, ...row })))],
  );
  return first;
}
