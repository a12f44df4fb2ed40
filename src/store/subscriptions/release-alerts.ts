import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type {
  AlertMessage,
  ComposeNews,
  MatchedAct,
  ReleaseStep,
} from "../../core/subscriptions.ts";
import type { Transaction } from "../database.ts";
import { EDITION_FACTS, type EditionFactsRow, toAlertEdition } from "./edition-texts.ts";
import { gazettesOfBot } from "./gazettes-of-bot.ts";
import { readTemplates, templateFor } from "./news-templates.ts";
import {
  judgeReach,
  listRoomyBots,
  type QueuedNews,
  queueNews,
  type Reach,
  STEP,
  takeTurn,
} from "./queue-news.ts";

/** What WhatsApp does not take now is looked at again so often, and as soon as the person writes, */
const WAIT_MINUTES = 10;
/** or until it is no news any more. */
const STALE_DAYS = 7;
const KEPT_DAYS = 90;
/** So many of one edition are looked at for each person who is to be told: nearly everybody has fewer. */
const ALERTS_OF_A_PERSON = 8;

interface AlertRow extends EditionFactsRow {
  readonly id: string;
  readonly content: Buffer;
  readonly subscription_id: string;
  readonly language: Language;
  readonly conversation_id: string;
  readonly contact_id: string;
}

/** What one person is told of one edition. */
interface Bundle {
  readonly botId: string;
  readonly rows: readonly AlertRow[];
  readonly first: AlertRow;
}

/**
 * Tells the next people, one message for each edition: what waits of several subscriptions is in it once. Each is judged
 * in this transaction. Nothing of an edition is told before all of it is matched.
 */
export async function releaseAlerts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  compose: ComposeNews,
): Promise<ReleaseStep> {
  if (!(await takeTurn(tx, tenantId))) return { queued: 0, isMore: false };
  await skipStale(tx);
  await forgetOld(tx);
  let queued = 0;
  let isMore = false;
  for (const bot of await listRoomyBots(tx)) {
    const limit = Math.min(bot.room, STEP);
    const bundles = toBundles(bot.id, await readDue(tx, bot.id, limit));
    if (bundles.length === 0) continue;
    const people = bundles.map(({ first }) => first.contact_id);
    const templates = await readTemplates(tx, "alert");
    const reach = await judgeReach(tx, cipher, tenantId, bot.id, people, templates);
    const gazettes = await gazettesOfBot(tx, bot.id);
    queued += await tell(tx, cipher, { tenantId, compose, reach, gazettes }, bundles);
    isMore ||= bundles.length === STEP;
  }
  return { queued, isMore };
}

/** What waited for so long, for a window that did not open or a subscription that was paused, is no news any more. */
async function skipStale(tx: Transaction): Promise<void> {
  await tx.query({
    name: "alerts-skip-stale",
    text: `update alert set state = 'skipped', reason = 'stale', settled_at = now()
           where state = 'pending' and not_before <= now() and created_at < now() - interval '${STALE_DAYS} days'`,
  });
}

/** What somebody was told of is not kept for longer than it takes to explain it. */
async function forgetOld(tx: Transaction): Promise<void> {
  await tx.query({
    name: "alerts-forget",
    text: `delete from alert where state <> 'pending' and settled_at < now() - interval '${KEPT_DAYS} days'`,
  });
}

function readDue(tx: Transaction, botId: string, limit: number): Promise<AlertRow[]> {
  return tx.query<AlertRow>(
    {
      name: "alerts-due",
      // Of what waits only the first is looked at: after a great edition it is a million rows, at each of many steps.
      text: `with first as (
               select s.conversation_id, a.edition_id, a.not_before
               from alert a
               join subscription s on s.id = a.subscription_id
               join conversation c on c.id = s.conversation_id
               join edition_match m on m.edition_id = a.edition_id
               where a.state = 'pending' and a.not_before <= now() and s.state = 'active'
                 and c.bot_id = $1 and m.state = 'done'
               order by a.not_before limit $2 * ${ALERTS_OF_A_PERSON}
             ), due as (
               select conversation_id, edition_id, min(not_before) as since
               from first group by conversation_id, edition_id
               order by since, conversation_id limit $2
             )
             select a.id, a.content, a.subscription_id, s.language, s.conversation_id, s.contact_id,
                    ${EDITION_FACTS}
             from due
             join subscription s on s.conversation_id = due.conversation_id and s.state = 'active'
             join alert a on a.subscription_id = s.id and a.edition_id = due.edition_id
             join edition e on e.id = a.edition_id
             join source g on g.id = e.source_id
             where a.state = 'pending' and a.not_before <= now()
             order by due.since, s.conversation_id, a.id
             for no key update of a`,
    },
    [botId, limit],
  );
}

function toBundles(botId: string, rows: readonly AlertRow[]): readonly Bundle[] {
  const grouped = new Map<string, AlertRow[]>();
  for (const row of rows) {
    const key = `${row.conversation_id} ${row.edition_id}`;
    const group = grouped.get(key);
    if (group === undefined) grouped.set(key, [row]);
    else group.push(row);
  }
  return [...grouped.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ botId, rows: group, first }];
  });
}

async function tell(
  tx: Transaction,
  cipher: Cipher,
  {
    tenantId,
    compose,
    reach,
    gazettes,
  }: {
    readonly tenantId: TenantId;
    readonly compose: ComposeNews;
    readonly reach: ReadonlyMap<string, Reach>;
    /** That the bot speaks of; undefined: all. */
    readonly gazettes: readonly string[] | undefined;
  },
  bundles: readonly Bundle[],
): Promise<number> {
  const messages: (QueuedNews & { readonly rows: readonly AlertRow[] })[] = [];
  const skipped: { id: string; reason: string }[] = [];
  const waiting: string[] = [];
  for (const bundle of bundles) {
    const isKnown = gazettes?.includes(bundle.first.source) ?? true;
    const judged: Reach | undefined = isKnown
      ? reach.get(bundle.first.contact_id)
      : { kind: "skip", reason: "outside-knowledge" };
    if (judged?.kind === "reach") {
      const message = toMessage(cipher, tenantId, bundle);
      messages.push({
        botId: bundle.botId,
        conversationId: judged.conversationId,
        parts: compose(message, judged.channel, templateFor(judged.templates, message.language)),
        detail: detailOf(bundle, message),
        rows: bundle.rows,
      });
      continue;
    }
    const reason = judged?.reason ?? "unknown-contact";
    for (const { id } of bundle.rows) {
      if (reason === "outside-window") waiting.push(id);
      else skipped.push({ id, reason });
    }
  }
  const outboxIds = await queueNews(tx, cipher, tenantId, messages);
  await settle(
    tx,
    messages.flatMap(({ rows }, index) =>
      rows.map(({ id }) => ({
        id,
        state: "queued",
        outbox: outboxIds[index] ?? null,
        reason: null,
      })),
    ),
  );
  await settle(
    tx,
    skipped.map(({ id, reason }) => ({ id, state: "skipped", outbox: null, reason })),
  );
  await tx.query(
    `update alert set not_before = now() + interval '${WAIT_MINUTES} minutes', reason = 'outside-window'
     where id = any($1::uuid[])`,
    [waiting],
  );
  return messages.length;
}

function toMessage(cipher: Cipher, tenantId: TenantId, { rows, first }: Bundle): AlertMessage {
  const acts = rows.map(({ id, content }) => {
    const place = { tenantId, table: "alert", column: "content", rowId: id };
    return JSON.parse(cipher.decrypt(place, content)) as MatchedAct;
  });
  return {
    kind: "alert",
    language: first.language,
    edition: toAlertEdition(first),
    acts: mergeActs(acts).toSorted((a, b) => a.position - b.position),
  };
}

/** An act that two subscriptions are about is told once, with both reasons. */
function mergeActs(acts: readonly MatchedAct[]): readonly MatchedAct[] {
  const merged = new Map<number, MatchedAct>();
  for (const act of acts) {
    const known = merged.get(act.position);
    const reasons = [...(known?.reasons ?? []), ...act.reasons];
    const distinct = new Map(reasons.map((reason) => [`${reason.kind} ${reason.typed}`, reason]));
    merged.set(act.position, { ...(known ?? act), reasons: [...distinct.values()] });
  }
  return [...merged.values()];
}

/** Which act it was would tell what somebody is interested in: the passport has none of it. */
function detailOf({ rows, first }: Bundle, { acts }: AlertMessage) {
  return {
    alert: {
      edition: first.edition_id,
      subscriptions: [...new Set(rows.map(({ subscription_id }) => subscription_id))],
      acts: acts.length,
    },
  };
}

async function settle(
  tx: Transaction,
  rows: readonly {
    readonly id: string;
    readonly state: string;
    readonly outbox: string | null;
    readonly reason: string | null;
  }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `update alert a set state = w.state, outbox_id = w.outbox, reason = w.reason, settled_at = now()
     from jsonb_to_recordset($1::jsonb) as w (id uuid, state text, outbox uuid, reason text) where a.id = w.id`,
    [JSON.stringify(rows)],
  );
}
