import { v7 as uuidv7 } from "uuid";
import type { BulkPace, Channel, ChannelName, ChannelPart } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";
import type { ConversationId, TenantId } from "../core/ids.ts";
import type { BroadcastShare } from "../core/ledgers.ts";
import { ATTEMPT_DUE, isFirstInConversation } from "./attempt-parts.ts";
import { isReleased, objectionTo } from "./campaigns/claim-conditions.ts";
import type { Transaction } from "./database.ts";
import { isHeldAndFree } from "./held-parts.ts";
import { pausedBots } from "./operations/pauses.ts";

/** Conversations per statement. */
const BATCH = 500;

/** Queues the parts for every conversation that can be reached and takes broadcasts; returns for how many. */
export async function queueBroadcast(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationIds: readonly ConversationId[],
  parts: readonly ChannelPart[],
): Promise<number> {
  let reached = 0;
  for (let start = 0; start < conversationIds.length; start += BATCH) {
    const rows = conversationIds.slice(start, start + BATCH).flatMap((conversation) =>
      parts.map((part) => {
        const id = uuidv7();
        const place = { tenantId, table: "outbox", column: "part", rowId: id };
        const sealed = cipher.encrypt(place, JSON.stringify(part)).toString("base64");
        return { id, conversation, part: sealed };
      }),
    );
    const [counted] = await tx.query<{ reached: number }>(
      {
        name: "outbox-queue-broadcast",
        text: `with wanted as (
                 select * from jsonb_to_recordset($2::jsonb)
                   as w (n int, id uuid, conversation uuid, part text)
               ), queued as (
                 insert into outbox (tenant_id, id, bot_id, conversation_id, priority, part)
                 select $1, w.id, c.bot_id, c.id, 2, decode(w.part, 'base64')
                 from wanted w join conversation c on c.id = w.conversation
                 where c.is_reachable and c.takes_broadcasts and (c.kind = 'group' or c.contact_id is not null)
                 order by w.n
                 returning id, conversation_id
               ), noted as (
                 insert into passport_event (tenant_id, message_id, kind, detail)
                 select $1, id, 'queued', jsonb_build_object('outbox', id) from queued
               )
               select count(distinct conversation_id)::int as reached from queued`,
      },
      [tenantId, JSON.stringify(rows.map((row, n) => ({ n, ...row })))],
    );
    reached += counted?.reached ?? 0;
  }
  return reached;
}

/** A bot with broadcasts, locked. Times are the database's, in milliseconds since 1970. */
interface BroadcastingBot {
  readonly id: string;
  readonly channel: ChannelName;
  readonly now_ms: string;
  readonly bulk_next_ms: string | null;
}

interface Allowance {
  readonly botId: string;
  /** Parts that may go now by the bucket alone: none, or a whole batch at least. */
  readonly slots: number;
  /** Parts that may go now, with the room of this process. */
  readonly take: number;
  /** When the bucket has its next batch if all `slots` are taken. */
  readonly nextInMs: number;
  readonly pace: Channel["pace"];
}

/**
 * Takes as many broadcasts as each bot's bucket holds, and marks them `attempting`. The bucket is spent here
 * and not when the broadcast is queued: what waited while no worker ran, or while the bot was paused, does not
 * go out in one burst afterwards. It is spent in the claim's own transaction, so neither a crash nor another
 * process begins it anew. A bot that another claim has locked is left to that one. Only broadcasts lock or
 * write their bot's row, so replies never queue for it.
 *
 * A chat takes a broadcast when its own bucket is full, so that an answer still finds room in it. Whoever asked for
 * none since theirs was queued gets none: it is dropped here. Those of a campaign that is paused, or of a tenant that
 * is closed, stay where they are.
 */
export async function claimBroadcasts(
  tx: Transaction,
  owner: string,
  share: BroadcastShare,
  serves: "free" | "held",
): Promise<{ claimed: { tenant_id: string; id: string }[]; nextInMs: number | undefined }> {
  const spared = share.sparedTenants ?? [];
  const bots = await (serves === "held"
    ? lockHeldBots(tx, owner, spared)
    : lockBroadcastingBots(tx, spared));
  let room = share.room;
  const allowances = bots.flatMap((bot): Allowance[] => {
    const pace = share.paces.get(bot.channel);
    if (pace === undefined) return [];
    // A session has one box to write in.
    const bulk = serves === "held" ? { ...pace.bulk, burst: 1, batch: 1 } : pace.bulk;
    const { slots, nextInMs } = countSlots(bot, bulk);
    const take = Math.min(slots, room);
    room -= take;
    return [{ botId: bot.id, slots, take, nextInMs, pace }];
  });
  const claimed = await takeParts(
    tx,
    owner,
    allowances.filter(({ take }) => take > 0),
  );
  const waits = allowances
    .filter(({ botId, slots }) => claimed.filter((row) => row.bot_id === botId).length === slots)
    .map(({ nextInMs }) => nextInMs);
  return { claimed, nextInMs: waits.length === 0 ? undefined : Math.min(...waits) };
}

/** Whose bucket has been free for longest comes first. Reads one index entry per bot, not per broadcast. */
const broadcastingBots = (mayServe: string, spared: string) => `with recursive broadcasting as (
             (select bot_id from outbox where state = 'queued' and priority = 2 order by bot_id limit 1)
             union all
             select (select o.bot_id from outbox o
                     where o.state = 'queued' and o.priority = 2 and o.bot_id > b.bot_id
                     order by o.bot_id limit 1)
             from broadcasting b where b.bot_id is not null
           )
           select b.id, b.channel, extract(epoch from now()) * 1000 as now_ms,
                  extract(epoch from b.bulk_next_at) * 1000 as bulk_next_ms
           from bot b
           where b.id in (select bot_id from broadcasting) and b.state = 'active' and ${mayServe}
             and (b.paused_until is null or b.paused_until <= now())
             and b.id <> all (${pausedBots("stops_sending")})
             and b.tenant_id <> all (${spared}::uuid[])
             and exists (select 1 from tenant t where t.id = b.tenant_id and t.state = 'active')
           order by b.bulk_next_at nulls first limit 200
           for no key update of b skip locked`;

function lockBroadcastingBots(
  tx: Transaction,
  spared: readonly string[],
): Promise<BroadcastingBot[]> {
  const name = "outbox-lock-broadcasting-bots";
  const text = broadcastingBots("not b.is_held", "$1");
  return tx.query<BroadcastingBot>({ name, text }, [spared]);
}

function lockHeldBots(
  tx: Transaction,
  owner: string,
  spared: readonly string[],
): Promise<BroadcastingBot[]> {
  const name = "outbox-lock-held-broadcasting-bots";
  const text = broadcastingBots(isHeldAndFree("b"), "$2");
  return tx.query<BroadcastingBot>({ name, text }, [owner, spared]);
}

/**
 * Generic cell rate algorithm (ITU-T I.371), as `reserveSlots` has it, for as many parts as may go now. It never waits
 * for more parts, only for slots: fewer than a batch go when the bucket has the slots of one.
 */
function countSlots(
  bot: BroadcastingBot,
  { intervalMs, burst, batch }: BulkPace,
): { slots: number; nextInMs: number } {
  const now = Number(bot.now_ms);
  const aheadMs = Math.max(0, Number(bot.bulk_next_ms ?? 0) - now);
  const free = Math.max(0, burst - Math.ceil(aheadMs / intervalMs));
  const slots = free < batch ? 0 : free;
  return { slots, nextInMs: aheadMs + (slots + batch - burst) * intervalMs };
}

function takeParts(tx: Transaction, owner: string, allowances: readonly Allowance[]) {
  if (allowances.length === 0) return Promise.resolve([]);
  return tx.query<{ tenant_id: string; id: string; bot_id: string }>(
    {
      name: "outbox-claim-broadcasts",
      text: `with allowed as (
               select * from unnest($2::uuid[], $3::int[], $4::float8[], $5::float8[], $6::float8[])
                 as a (bot_id, slots, bulk_ms, private_ms, group_ms)
             ), found as materialized (
               select part.* from allowed a cross join lateral (
                 select o.tenant_id, o.id, o.bot_id, o.conversation_id,
                        case when c.takes_broadcasts then ${objectionTo("o")} else 'unsubscribed' end as objection
                 from outbox o join conversation c on c.id = o.conversation_id
                 where o.bot_id = a.bot_id and o.priority = 2 and o.state = 'queued'
                   and o.not_before <= now() and (c.send_next_at is null or c.send_next_at <= now())
                   and ${isFirstInConversation("o")} and ${isReleased("o")}
                 order by o.not_before, o.position limit a.slots
                 for no key update of o, c skip locked) part
             ), due as (
               select * from found where objection is null
             ), unwanted as (
               update outbox o set state = 'failed', reason = found.objection, settled_at = now()
               from found where o.id = found.id and found.objection is not null
               returning o.tenant_id, o.id, found.objection
             ), unwanted_noted as (
               insert into passport_event (tenant_id, message_id, kind, detail)
               select tenant_id, id, 'dropped', jsonb_build_object('outbox', id, 'reason', objection)
               from unwanted
             ), ${ATTEMPT_DUE}, chats_spent as (
               update conversation c
               set send_next_at = now() + interval '1 millisecond'
                 * case when c.kind = 'group' then a.group_ms else a.private_ms end
               from due join allowed a on a.bot_id = due.bot_id
               where c.id = due.conversation_id
             ), bots_spent as (
               update bot b
               set bulk_next_at = greatest(b.bulk_next_at, now())
                 + taken.parts * taken.bulk_ms * interval '1 millisecond'
               from (select a.bot_id, a.bulk_ms, count(*) as parts
                     from due join allowed a on a.bot_id = due.bot_id group by a.bot_id, a.bulk_ms) taken
               where b.id = taken.bot_id
             )
             select tenant_id, id, bot_id from attempting`,
    },
    [
      owner,
      allowances.map(({ botId }) => botId),
      allowances.map(({ take }) => take),
      allowances.map(({ pace }) => pace.bulk.intervalMs),
      allowances.map(({ pace }) => pace.privateChat.intervalMs),
      allowances.map(({ pace }) => pace.groupChat.intervalMs),
    ],
  );
}
