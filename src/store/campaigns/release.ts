import { v7 as uuidv7 } from "uuid";
import type { Campaign, Compose, Judgement } from "../../core/campaigns.ts";
import type { ChannelPart } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { judgeContacts } from "./judge.ts";
import { withVariables } from "./recipients.ts";

/**
 * Recipients in the outbox at once: some seconds of Telegram's pace. A pause, a cancelling and a refusal reach whoever
 * is not in it yet at no cost, and the outbox stays short for everybody else's claims.
 */
const WINDOW = 200;
/** With a file in each part. */
const WINDOW_WITH_FILE = 20;
/** At a chosen pace, what may wait when nothing was sent for a while: so many seconds of it. */
const WINDOW_SECONDS = 5;
/** Recipients that one step deals with. */
export const BATCH = 100;

interface RunningRow {
  readonly audience_id: string;
  readonly pace_per_minute: number | null;
  readonly queued: number;
  /** Milliseconds from now to the theoretical release time of the next; may be negative. */
  readonly ahead_ms: number;
}

interface PendingRow {
  readonly id: string;
  readonly contact_id: string | null;
  readonly variables: Buffer | null;
}

/**
 * Puts the next recipients into the outbox, each judged in this transaction. Whoever said BAJA after it is
 * dropped by the claim. Undefined: another process has the campaign, or it is not being sent.
 */
export async function release(
  tx: Transaction,
  cipher: Cipher,
  campaign: Campaign,
  compose: Compose,
): Promise<number | undefined> {
  const running = await lockRunning(tx, campaign.campaignId);
  if (running === undefined) return undefined;
  const room = roomOf(running, campaign);
  if (room === 0) return 0;
  const pending = await tx.query<PendingRow>(
    {
      name: "campaign-pending",
      text: `select id, contact_id, variables from campaign_recipient
             where audience_id = $1 and state = 'pending' order by created_at, id limit $2
             for no key update`,
    },
    [running.audience_id, room],
  );
  if (pending.length === 0) {
    if (running.queued === 0) await finish(tx, campaign);
    return 0;
  }
  const due = await judgePending(tx, cipher, campaign, running.audience_id, pending);
  const tried = await listTried(tx, due);
  const again = due.filter(({ id }) => tried.has(id));
  await queueAgain(tx, again);
  const fresh = due.filter(({ id }) => !tried.has(id));
  const skipped = await queueFresh(tx, cipher, campaign, compose, fresh);
  const released = due.length - skipped;
  if (running.pace_per_minute !== null && released > 0) {
    await tx.query(
      `update campaign set release_next_at = greatest(release_next_at, now()) + $2 * interval '1 millisecond'
       where id = $1`,
      [campaign.campaignId, (released * 60_000) / running.pace_per_minute],
    );
  }
  return pending.length;
}

async function lockRunning(tx: Transaction, campaignId: string): Promise<RunningRow | undefined> {
  const [locked] = await tx.query<{ id: string }>(
    "select id from campaign where id = $1 and state = 'sending' for no key update skip locked",
    [campaignId],
  );
  if (locked === undefined) return undefined;
  const [row] = await tx.query<RunningRow>(
    {
      name: "campaign-running",
      text: `select audience_id, pace_per_minute,
                    (select count(*)::int from campaign_recipient r
                     where r.audience_id = k.audience_id and r.state = 'queued') as queued,
                    coalesce(extract(epoch from k.release_next_at - now()) * 1000, 0)::float8 as ahead_ms
             from campaign k where id = $1`,
    },
    [campaignId],
  );
  return row;
}

/** The generic cell rate algorithm (ITU-T I.371), as broadcasts have it, with a burst of one second's worth. */
function roomOf({ queued, pace_per_minute, ahead_ms }: RunningRow, campaign: Campaign): number {
  const widest = campaign.attachment === undefined ? WINDOW : WINDOW_WITH_FILE;
  if (pace_per_minute === null) return Math.max(0, Math.min(widest - queued, BATCH));
  const window = Math.min(widest, Math.max(1, Math.ceil((pace_per_minute / 60) * WINDOW_SECONDS)));
  const burst = Math.max(1, Math.ceil(pace_per_minute / 60));
  const aheadMs = Math.max(0, ahead_ms);
  const slots = burst - Math.ceil(aheadMs / (60_000 / pace_per_minute));
  return Math.max(0, Math.min(window - queued, slots, BATCH));
}

interface Due {
  readonly id: string;
  readonly to: Extract<Judgement, { readonly kind: "reach" }>;
}

/** Notes who gets nothing, and why; returns the others. */
async function judgePending(
  tx: Transaction,
  cipher: Cipher,
  campaign: Campaign,
  audienceId: string,
  pending: readonly PendingRow[],
): Promise<readonly Due[]> {
  const ids = pending.flatMap(({ contact_id }) => (contact_id === null ? [] : [contact_id]));
  const judged = new Map(
    (await judgeContacts(tx, cipher, campaign, ids, audienceId)).map((one) => [
      one.contactId,
      one.judgement,
    ]),
  );
  const due: Due[] = [];
  const skipped: { id: string; reason: string }[] = [];
  for (const row of pending) {
    const known = judged.get(row.contact_id ?? "");
    const judgement = withVariables(cipher, campaign.tenantId, row, known);
    if (judgement.kind === "reach") due.push({ id: row.id, to: judgement });
    else {
      // Whose chat could be opened has one by now (`listUnopened`).
      const reason = judgement.kind === "skip" ? judgement.reason : "no-chat";
      skipped.push({ id: row.id, reason });
    }
  }
  await skip(tx, skipped);
  return due;
}

async function skip(
  tx: Transaction,
  skipped: readonly { readonly id: string; readonly reason: string }[],
): Promise<void> {
  if (skipped.length === 0) return;
  await tx.query(
    `update campaign_recipient r set state = 'skipped', reason = s.reason, changed_at = now()
     from jsonb_to_recordset($1::jsonb) as s (id uuid, reason text) where r.id = s.id`,
    [JSON.stringify(skipped)],
  );
}

/** Who has parts from an earlier attempt: they never get new ones. */
async function listTried(tx: Transaction, due: readonly Due[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ recipient_id: string }>(
    "select distinct recipient_id from outbox where recipient_id = any($1::uuid[])",
    [due.map(({ id }) => id)],
  );
  return new Set(rows.map((row) => row.recipient_id));
}

/**
 * Parts of an earlier attempt that did not arrive, or may not have, go as they are. A part that somebody sent again
 * at the desk, or whose words were erased, is left alone: its recipient is `failed` with reason `not-repeatable`.
 */
async function queueAgain(tx: Transaction, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return;
  const rows = await tx.query<{ recipient_id: string }>(
    {
      name: "campaign-queue-again",
      text: `with again as (
               update outbox o set state = 'queued', not_before = now(), settled_at = null, reason = null
               where o.recipient_id = any($1::uuid[]) and o.state in ('failed', 'unknown') and o.part is not null
                 and not exists (select 1 from outbox other where other.resend_of = o.id)
               returning o.tenant_id, o.id, o.recipient_id
             ), noted as (
               insert into passport_event (tenant_id, message_id, kind, detail)
               select tenant_id, id, 'queued', jsonb_build_object('outbox', id, 'again', true) from again
             )
             select distinct recipient_id from again`,
    },
    [due.map(({ id }) => id)],
  );
  const queued = new Set(rows.map((row) => row.recipient_id));
  await markQueued(tx, due, queued);
  await tx.query(
    `update campaign_recipient set state = 'failed', reason = 'not-repeatable', changed_at = now()
     where id = any($1::uuid[]) and state = 'pending'`,
    [due.flatMap(({ id }) => (queued.has(id) ? [] : [id]))],
  );
}

/** Returns how many got nothing because a place in the text has no value for them. */
async function queueFresh(
  tx: Transaction,
  cipher: Cipher,
  campaign: Campaign,
  compose: Compose,
  due: readonly Due[],
): Promise<number> {
  const composed = due.map((one) => ({ ...one, parts: compose(campaign, one.to) }));
  const without = composed.filter(({ parts }) => parts === undefined);
  await skip(
    tx,
    without.map(({ id }) => ({ id, reason: "missing-value" })),
  );
  const whole = composed.flatMap(({ parts, ...one }) =>
    parts === undefined ? [] : [{ ...one, parts }],
  );
  await insertParts(tx, cipher, campaign.tenantId, whole);
  await markQueued(tx, whole, new Set(whole.map(({ id }) => id)));
  return without.length;
}

async function insertParts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  due: readonly (Due & { readonly parts: readonly ChannelPart[] })[],
): Promise<void> {
  const rows = due.flatMap(({ id: recipient, to, parts }) =>
    parts.map((part) => {
      const id = uuidv7();
      const place = { tenantId, table: "outbox", column: "part", rowId: id };
      const sealed = cipher.encrypt(place, JSON.stringify(part)).toString("base64");
      return { id, recipient, conversation: to.conversationId, bot: to.botId, part: sealed };
    }),
  );
  if (rows.length === 0) return;
  await tx.query(
    {
      name: "campaign-queue",
      text: `with queued as (
               insert into outbox (tenant_id, id, bot_id, conversation_id, recipient_id, priority, part)
               select $1, w.id, w.bot, w.conversation, w.recipient, 2, decode(w.part, 'base64')
               from jsonb_to_recordset($2::jsonb)
                 as w (n int, id uuid, recipient uuid, conversation uuid, bot uuid, part text)
               order by w.n
               returning id
             )
             insert into passport_event (tenant_id, message_id, kind, detail)
             select $1, id, 'queued', jsonb_build_object('outbox', id) from queued`,
    },
    [tenantId, JSON.stringify(rows.map((row, n) => ({ n, ...row })))],
  );
}

async function markQueued(
  tx: Transaction,
  due: readonly Due[],
  queued: ReadonlySet<string>,
): Promise<void> {
  const rows = due.flatMap(({ id, to }) =>
    queued.has(id) ? [{ id, conversation: to.conversationId }] : [],
  );
  if (rows.length === 0) return;
  await tx.query(
    {
      name: "campaign-mark-queued",
      text: `update campaign_recipient r
             set state = 'queued', reason = null, changed_at = now(),
                 conversation_id = coalesce(r.conversation_id, q.conversation)
             from jsonb_to_recordset($1::jsonb) as q (id uuid, conversation uuid) where r.id = q.id`,
    },
    [JSON.stringify(rows)],
  );
}

async function finish(tx: Transaction, { tenantId, campaignId }: Campaign): Promise<void> {
  await tx.query("update campaign set state = 'done', ended_at = now() where id = $1", [
    campaignId,
  ]);
  await appendEvents(tx, tenantId, [
    { kind: "campaign-changed", detail: { campaignId, state: "done" } },
  ]);
}
