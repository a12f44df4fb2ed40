import type { ChannelPart, SendOutcome } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type { BroadcastShare, DuePart, Outbox, PlaceLimits, SettledPart } from "../core/ledgers.ts";
import { ATTEMPT_DUE, CLAIMED, HAS_BROADCASTS, isFirstInConversation } from "./attempt-parts.ts";
import { claimBroadcasts, queueBroadcast } from "./broadcasts.ts";
import { RANDOM_HASH } from "./contacts/erase-citizen.ts";
import type { Database, Transaction } from "./database.ts";
import { dropQueued } from "./drop-queued.ts";
import { fairShares, limitValues, placesForAll } from "./fair-shares.ts";
import { byTenant } from "./group-by-tenant.ts";
import { claimHeldParts } from "./held-parts.ts";
import { pausedBots } from "./operations/pauses.ts";
import { tellBot } from "./tell-bot.ts";
import { moveChat } from "./turn-effects.ts";

/**
 * Hop 3's ledger on PostgreSQL. Its claims take parts of bots that any process may send for, or else (`held`) those
 * of the bots whose sessions the claiming process holds: no claim looks for both.
 */
export function createOutbox(
  database: Database,
  cipher: Cipher,
  serves: "free" | "held" = "free",
): Outbox {
  return {
    async claim(owner, limit, broadcasts, limits) {
      const claimedAt = performance.now();
      const { claimed, nextBroadcastInMs } = await database.asDispatcher((tx) =>
        claimDue(tx, { owner, limit, limits, serves }, broadcasts),
      );
      const parts: DuePart[] = [];
      for (const [tenantId, group] of byTenant(claimed, (row) => row.tenantId)) {
        const found = await database.asTenant(tenantId, (tx) =>
          readParts(tx, cipher, tenantId, { owner, claimed: group }),
        );
        parts.push(...found.map((part) => ({ ...part, claimedAt })));
      }
      return { parts, nextBroadcastInMs };
    },
    broadcast: (tenantId, conversationIds, parts) =>
      database.asTenant(tenantId, (tx) =>
        queueBroadcast(tx, cipher, tenantId, conversationIds, parts),
      ),
    async settle(settled) {
      for (const [tenantId, group] of byTenant(settled, (part) => part.due.tenantId)) {
        await database.asTenant(tenantId, (tx) => settleParts(tx, cipher, tenantId, group));
      }
    },
  };
}

interface Claimed {
  readonly tenantId: TenantId;
  readonly id: string;
}

interface PartClaim {
  readonly owner: string;
  readonly limit: number;
  readonly limits: PlaceLimits | undefined;
  readonly serves: "free" | "held";
}

/** Marks due parts `attempting`: replies first, then broadcasts into the room that is left. */
async function claimDue(
  tx: Transaction,
  claim: PartClaim,
  broadcasts: BroadcastShare,
): Promise<{ claimed: Claimed[]; nextBroadcastInMs: number | undefined }> {
  const { owner, limit, serves } = claim;
  const rows = await claimReplies(tx, claim);
  const claimed = rows.flatMap(({ tenant_id, id }) => (id === null ? [] : [{ tenant_id, id }]));
  const room = Math.min(broadcasts.room, limit - claimed.length);
  let nextBroadcastInMs: number | undefined;
  if (room > 0 && rows[0]?.has_broadcasts) {
    const more = await claimBroadcasts(tx, owner, { ...broadcasts, room }, serves);
    claimed.push(...more.claimed);
    nextBroadcastInMs = more.nextInMs;
  }
  return {
    claimed: claimed.map((row) => ({ tenantId: asId(row.tenant_id), id: row.id })),
    nextBroadcastInMs,
  };
}

const IS_DUE = "q.state = 'queued' and q.priority < 2 and q.not_before <= now()";
const SHARES = fairShares({
  table: "outbox",
  isDue: IS_DUE,
  isClaimable: `${IS_DUE} and ${isFirstInConversation("q")}`,
  isBotReady: `ready.bot_id <> all (${pausedBots("stops_sending")})
                 and exists (select 1 from bot b where b.id = ready.bot_id and b.state = 'active' and not b.is_held
                         and (b.paused_until is null or b.paused_until <= now()))`,
  limits: 3,
});

interface ReplyRow {
  readonly tenant_id: string;
  readonly id: string | null;
  readonly has_broadcasts: boolean;
  readonly is_crowded: boolean;
}

/**
 * A part waits for those before it in its conversation, and for its bot's pause. All that are due are taken where
 * there is a place for each, which is the rule, and else in fair shares, which costs more. At least one row comes
 * back, without an id when nothing is due, to tell whether broadcasts wait: the question costs no round trip.
 */
async function claimReplies(tx: Transaction, claim: PartClaim): Promise<readonly ReplyRow[]> {
  if (claim.serves === "held") return claimHeldParts(tx, claim.owner, claim.limit);
  const few = await claimFewReplies(tx, claim);
  return few[0]?.is_crowded ? claimShares(tx, claim) : few;
}

/** Asked first and once, so that what waits for a session is passed over at the price of a comparison. */
const IS_NOT_HELD = `q.bot_id <> all (array(select held.id from bot held where held.is_held))
                     and q.bot_id <> all (${pausedBots("stops_sending")})`;

/** Takes nothing when more are due than there are places for. */
function claimFewReplies(tx: Transaction, { owner, limit, limits }: PartClaim) {
  return tx.query<ReplyRow>(
    {
      name: "outbox-claim-few",
      text: `with few as materialized (
               select q.id from outbox q
               where ${IS_DUE} and ${IS_NOT_HELD} and ${isFirstInConversation("q")}
                 and exists (select 1 from bot b where b.id = q.bot_id and b.state = 'active' and not b.is_held
                               and (b.paused_until is null or b.paused_until <= now()))
               limit $2::int + 1
             ), due as materialized (
               select q.tenant_id, q.id from outbox q
               where q.id in (select few.id from few) and (select count(*) from few) <= $2
                 and ${IS_DUE} and ${isFirstInConversation("q")}
               for no key update skip locked
             ), ${ATTEMPT_DUE}, broadcasting as (
               select ${HAS_BROADCASTS}, (select count(*) from few) > $2 as is_crowded
             )
             ${CLAIMED}`,
    },
    [owner, placesForAll(limits, limit)],
  );
}

function claimShares(tx: Transaction, { owner, limit, limits }: PartClaim) {
  return tx.query<ReplyRow>(
    {
      name: "outbox-claim",
      text: `with recursive ${SHARES}, due as materialized (
               select claimable.* from share cross join lateral (
                 select o.tenant_id, o.id from outbox o
                 where o.tenant_id = share.tenant_id and o.bot_id = share.bot_id
                   and o.state = 'queued' and o.priority < 2 and o.not_before <= now()
                   and ${isFirstInConversation("o")}
                 order by o.priority, o.not_before limit share.places
                 for no key update skip locked) claimable
             ), ${ATTEMPT_DUE}, broadcasting as (select ${HAS_BROADCASTS}, true as is_crowded)
             ${CLAIMED}`,
    },
    [owner, limit, ...limitValues(limits, limit)],
  );
}

interface PartRow {
  readonly id: string;
  readonly bot_id: string;
  readonly conversation_id: string;
  readonly message_id: string | null;
  readonly part: Buffer | null;
  readonly attempts: number;
  readonly waits: number;
  readonly is_broadcast: boolean;
  readonly chat: Buffer;
  readonly chat_hash: Buffer;
  readonly last_inbound_at: Date | null;
  readonly unknown_since: Date | null;
}

/**
 * Opens the parts of one tenant, in the order in which they are sent. With an `owner`, only those still
 * attempted by it: what the sweep gave up meanwhile (this process stood still) is not sent behind its back. Without
 * one, only those still unknown: of what arrived after all, the part is gone, and nothing is to be looked up.
 * A part that cannot be opened fails, and does not hold up the others.
 */
export async function readParts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { owner, claimed }: { readonly owner: string | undefined; readonly claimed: readonly Claimed[] },
): Promise<Omit<DuePart, "claimedAt">[]> {
  const rows = await tx.query<PartRow>(
    {
      name: "outbox-read-parts",
      text: `select o.id, o.bot_id, o.conversation_id, o.message_id, o.part, o.attempts, o.waits,
                    o.priority = 2 as is_broadcast, c.chat, c.chat_hash, c.last_inbound_at,
                    case when o.state = 'unknown' then o.settled_at end as unknown_since
             from outbox o join conversation c on c.id = o.conversation_id
             where o.id = any($1::uuid[])
               and case when $2::text is null then o.state = 'unknown'
                        else o.state = 'attempting' and o.attempt_owner = $2 end
             order by o.priority, o.position`,
    },
    [claimed.map((row) => row.id), owner ?? null],
  );
  const parts: Omit<DuePart, "claimedAt">[] = [];
  for (const row of rows) {
    try {
      parts.push(openPart(cipher, tenantId, row));
    } catch {
      await tx.query(
        "update outbox set state = 'failed', reason = 'unreadable', settled_at = now() where id = $1",
        [row.id],
      );
    }
  }
  return parts;
}

function openPart(cipher: Cipher, tenantId: TenantId, row: PartRow): Omit<DuePart, "claimedAt"> {
  const chatHash = row.chat_hash.toString("hex");
  const open = (table: string, column: string, rowId: string, envelope: Buffer) =>
    cipher.decrypt({ tenantId, table, column, rowId }, envelope);
  return {
    tenantId,
    outboxId: asId(row.id),
    botId: asId(row.bot_id),
    conversationId: asId(row.conversation_id),
    messageId: row.message_id === null ? undefined : asId(row.message_id),
    chatKey: open("conversation", "chat", chatHash, row.chat),
    part: JSON.parse(open("outbox", "part", row.id, row.part ?? Buffer.alloc(0))) as ChannelPart,
    attempts: row.attempts,
    waits: row.waits,
    isBroadcast: row.is_broadcast,
    lastInboundAt: row.last_inbound_at ?? undefined,
    unknownSince: row.unknown_since ?? undefined,
  };
}

/** What the row becomes, in the words of the outbox. */
function toState(outcome: SendOutcome, retryAfterMs: number | undefined): string {
  if (outcome.kind !== "refused") return outcome.kind;
  return retryAfterMs === undefined ? "failed" : "queued";
}

/**
 * Records what came of each attempt. Only the attempt that was claimed is settled: a later one has a higher
 * number. An answer that comes after the sweep gave up (`unknown`) still corrects the record, but does not
 * queue the part again: what stood behind it has gone on, and only looking at the network allows a repetition. With the
 * farewell to a person who was erased goes the last of them: the key of the chat. A web chat's is kept, being
 * no more than the random cookie by which its page reads the farewell.
 */
async function settleParts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  settled: readonly SettledPart[],
): Promise<void> {
  const rows = settled.map(({ due, outcome, retryAfterMs, isReconciled = false }) => ({
    id: due.outboxId,
    message: due.messageId ?? due.outboxId,
    attempts: due.attempts,
    state: toState(outcome, retryAfterMs),
    kind: outcome.kind,
    network_id: outcome.kind === "sent" ? outcome.networkMessageId : null,
    reason: outcome.kind === "sent" ? null : outcome.reason,
    detail: outcome.kind === "refused" ? (outcome.detail ?? {}) : {},
    retry_ms: retryAfterMs ?? 0,
    own_pace: outcome.kind === "refused" && outcome.isOwnPace === true,
    reconciled: isReconciled,
  }));
  await tx.query(
    {
      name: "outbox-settle",
      text: `with settled as (
               select * from jsonb_to_recordset($2::jsonb) as s (
                 id uuid, message uuid, attempts int, state text, kind text, network_id text, reason text,
                 detail jsonb, retry_ms float8, own_pace boolean, reconciled boolean)
             ), changed as (
               update outbox o
               set state = s.state, network_message_id = s.network_id, reason = s.reason,
                   part = case when s.state = 'sent' then null else o.part end, waits = o.waits + s.own_pace::int,
                   not_before = case when s.state = 'queued'
                     then now() + s.retry_ms * interval '1 millisecond' else o.not_before end,
                   settled_at = case when s.state = 'queued' then null else now() end
               from settled s
               where o.id = s.id and o.attempts = s.attempts
                 and (o.state = 'attempting'
                      or o.state = 'unknown' and (s.state <> 'queued' or s.reconciled))
               returning o.id, o.conversation_id, o.message_id, o.state
             ), forgotten as (
               update conversation c set chat = '', chat_hash = ${RANDOM_HASH}
               from changed
               where c.id = changed.conversation_id and c.kind = 'private' and c.contact_id is null
                 and changed.state in ('sent', 'failed')
                 and not exists (select 1 from outbox o
                                 where o.conversation_id = c.id and o.state in ('queued', 'attempting', 'unknown')
                                   and o.id not in (select id from settled))
                 and not exists (select 1 from inbox i where i.conversation_id = c.id and i.state = 'pending')
                 and not exists (select 1 from web_chat_entry e where e.conversation_id = c.id)
             ), told as (
               insert into event (tenant_id, kind, detail)
               select $1, 'delivery-changed', jsonb_strip_nulls(jsonb_build_object(
                 'conversationId', conversation_id, 'outboxId', id, 'messageId', message_id,
                 'state', state))
               from changed where state in ('sent', 'failed', 'unknown')
             )
             insert into passport_event (tenant_id, message_id, kind, detail)
             select $1, s.message, s.kind, s.detail || jsonb_strip_nulls(jsonb_build_object(
               'outbox', s.id, 'attempt', s.attempts, 'networkMessageId', s.network_id, 'reason', s.reason,
               'retryMs', nullif(s.retry_ms, 0)))
             from settled s join changed on changed.id = s.id`,
    },
    [tenantId, JSON.stringify(rows)],
  );
  for (const part of settled) {
    if (part.outcome.kind === "refused")
      await applyRefusal(tx, cipher, tenantId, part, part.outcome);
  }
}

/** A refusal may concern more than its part: the whole bot, the chat, or the chat's address. */
async function applyRefusal(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { due }: SettledPart,
  refusal: Extract<SendOutcome, { kind: "refused" }>,
): Promise<void> {
  const { botId, conversationId } = due;
  if (refusal.scope === "bot" && typeof refusal.retry === "object") {
    await tx.query(
      `update bot set paused_until = greatest(paused_until, now() + $3 * interval '1 millisecond')
       where tenant_id = $1 and id = $2`,
      [tenantId, botId, refusal.retry.afterMs],
    );
  }
  if (refusal.needsAuth) {
    const refused = await tx.query(
      `update bot set state = 'needs-auth', updated_at = now()
       where tenant_id = $1 and id = $2 and state = 'active' returning id`,
      [tenantId, botId],
    );
    if (refused.length > 0) await tellBot(tx, tenantId, botId, "needs-auth");
  }
  if (refusal.contactLost) {
    await tx.query(
      "update conversation set is_reachable = false where tenant_id = $1 and id = $2",
      [tenantId, conversationId],
    );
    await dropQueued(tx, tenantId, conversationId, refusal.reason);
  }
  if (refusal.newChatKey !== undefined) {
    await moveChat(tx, cipher, { tenantId, conversationId, botId, newChatKey: refusal.newChatKey });
  }
}
