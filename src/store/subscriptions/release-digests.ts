import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { ComposeNews, DigestEdition, ReleaseStep } from "../../core/subscriptions.ts";
import type { Transaction } from "../database.ts";
import { readIngested } from "./digest-editions.ts";
import { gazettesOfBot } from "./gazettes-of-bot.ts";
import { readTemplates, templateFor } from "./news-templates.ts";
import {
  judgeReach,
  listRoomyBots,
  type QueuedNews,
  queueNews,
  STEP,
  takeTurn,
} from "./queue-news.ts";

interface DigestRow {
  readonly id: string;
  readonly kind: "daily" | "weekly";
  readonly language: Language;
  readonly conversation_id: string;
  readonly contact_id: string;
  readonly next_at: Date;
  /** In the database's own text: a `Date` would round it. */
  readonly told_until: string;
  readonly until: string;
}

/** As many times that were missed are looked through for the next one. */
const MISSED = 400;
/** When a digest that was due at `next_at` is due again, by the wall clock of the person's zone: once, however many were missed. */
const NEXT_AT = `coalesce((
    select min(due) from (
      select ((s.next_at at time zone s.time_zone)::date + n * case s.kind when 'weekly' then 7 else 1 end
               + s.minute * interval '1 minute') at time zone s.time_zone as due
      from generate_series(1, ${MISSED}) as n) slot
    where due > now()), now() + interval '1 day')`;
/** Until when a digest tells what came in: its time, or the moment `settled` when that was missed. */
const untilBy = (settled: string) =>
  `case when s.next_at > ${settled}::timestamptz - interval '12 hours' and s.next_at <= ${settled}::timestamptz
             then greatest(s.next_at, s.told_until)
        else ${settled}::timestamptz end`;

export interface DigestsOf {
  readonly tenantId: TenantId;
  readonly newerThanDays: number;
  /** As `settledUntil` says: what came in until then can be read. */
  readonly settled: string;
}

/**
 * Sends the digests that are due: what came in since the last one. It is told and the next one's time is set in this
 * transaction, so each is told once. Nothing came in: nothing is sent. Who missed several times, since no scheduler
 * ran, gets one.
 */
export async function releaseDigests(
  tx: Transaction,
  cipher: Cipher,
  { tenantId, newerThanDays, settled }: DigestsOf,
  compose: ComposeNews,
): Promise<ReleaseStep> {
  if (!(await takeTurn(tx, tenantId))) return { queued: 0, isMore: false };
  let queued = 0;
  let isMore = false;
  const editionsOf = rememberEditions(tx, newerThanDays);
  for (const bot of await listRoomyBots(tx)) {
    const limit = Math.min(bot.room, STEP);
    const due = await readDue(tx, bot.id, limit, settled);
    if (due.length === 0) continue;
    isMore ||= due.length === limit;
    const people = due.map(({ contact_id }) => contact_id);
    const templates = await readTemplates(tx, "digest");
    const reach = await judgeReach(tx, cipher, tenantId, bot.id, people, templates);
    const gazettes = await gazettesOfBot(tx, bot.id);
    const messages: (QueuedNews & { readonly subscriptionId: string })[] = [];
    const waiting: string[] = [];
    for (const row of due) {
      const judged = reach.get(row.contact_id);
      // They are told when they write, or with the next one when they wrote by then.
      if (judged?.kind === "skip" && judged.reason === "outside-window") waiting.push(row.id);
      if (judged?.kind !== "reach") continue;
      const all = await editionsOf(row.told_until, row.until);
      const editions = all.filter(({ source }) => gazettes?.includes(source) ?? true);
      if (editions.length === 0) continue;
      const { kind, language } = row;
      const template = templateFor(judged.templates, language);
      messages.push({
        subscriptionId: row.id,
        botId: bot.id,
        conversationId: judged.conversationId,
        parts: compose({ kind, language, editions }, judged.channel, template),
        detail: { digest: { subscription: row.id, kind: row.kind, editions: editions.length } },
      });
    }
    const outboxIds = await queueNews(tx, cipher, tenantId, messages);
    queued += outboxIds.length;
    const sent = messages.map(({ subscriptionId }, at) => ({ subscriptionId, id: outboxIds[at] }));
    await setNext(tx, due, { waiting, sent, settled });
  }
  return { queued, isMore };
}

function readDue(
  tx: Transaction,
  botId: string,
  limit: number,
  settled: string,
): Promise<DigestRow[]> {
  return tx.query<DigestRow>(
    {
      name: "digests-due",
      text: `select s.id, s.kind, s.language, s.conversation_id, s.contact_id, s.next_at,
                    s.told_until::text as told_until, (${untilBy("$3")})::text as until
             from subscription s join conversation c on c.id = s.conversation_id
             where s.state = 'active' and (s.next_at <= $3::timestamptz or s.tell_at <= $3::timestamptz)
               and c.bot_id = $1
             order by least(s.next_at, s.tell_at), s.id limit $2 for no key update of s`,
    },
    [botId, limit, settled],
  );
}

/** Those who are due at the same time are told of the same editions. */
function rememberEditions(tx: Transaction, newerThanDays: number) {
  const known = new Map<string, readonly DigestEdition[]>();
  return async (from: string, until: string): Promise<readonly DigestEdition[]> => {
    const key = `${from} ${until}`;
    const editions = known.get(key) ?? (await readIngested(tx, { from, until, newerThanDays }));
    known.set(key, editions);
    return editions;
  };
}

async function setNext(
  tx: Transaction,
  due: readonly DigestRow[],
  {
    waiting,
    sent,
    settled,
  }: {
    readonly waiting: readonly string[];
    readonly sent: readonly { readonly subscriptionId: string; readonly id: string | undefined }[];
    readonly settled: string;
  },
): Promise<void> {
  await tx.query(
    {
      name: "digests-set-next",
      text: `update subscription s
             set told_until = case when s.id = any($2::uuid[]) then s.told_until else ${untilBy("$3")} end,
                 tell_at = case when s.id = any($2::uuid[]) then 'infinity'::timestamptz end,
                 next_at = case when s.next_at <= $3::timestamptz then ${NEXT_AT} else s.next_at end,
                 outbox_id = m.outbox, told_before = case when m.outbox is not null then s.told_until end
             from unnest($1::uuid[]) as d (id)
             left join unnest($4::uuid[], $5::uuid[]) as m (id, outbox) on m.id = d.id
             where s.id = d.id`,
    },
    [
      due.map(({ id }) => id),
      waiting,
      settled,
      sent.map(({ subscriptionId }) => subscriptionId),
      sent.map(({ id }) => id ?? null),
    ],
  );
}
