import type { ConversationId } from "../../src/core/ids.ts";
import { type DigestSlot, dateIn, digestSlots, minuteIn } from "./digest-slots.ts";
import type { MonthPlan } from "./month-days.ts";
import type { Newsroom } from "./newsroom.ts";
import type { ToldNews } from "./newsroom-process.ts";
import type { RunRecord } from "./run-month.ts";
import type { Subscriber } from "./subscribers.ts";

/** Told at most two looks after it is due: who dies as it tells costs one. */
const WINDOW_MS = 60 * 60_000;

export interface NewsVerdict {
  readonly subscriber: Subscriber;
  /** Messages that were due, and that were told. */
  readonly due: number;
  readonly told: number;
  /** Told on another local day than theirs, too late, or in the quiet hours. */
  readonly misplaced: number;
  /** Editions that came in and were never told of. */
  readonly lost: number;
  readonly doubled: number;
}

interface EditionRow {
  readonly id: string;
  readonly ingested_at: Date;
  readonly superseded_at: Date | null;
}

interface Told extends ToldNews {
  readonly at: Date;
}

/** Compares what was handed to the outbox with what each person was to be told. */
export async function judgeNews(
  newsroom: Newsroom,
  plan: MonthPlan,
  record: RunRecord,
  conversations: ReadonlyMap<Subscriber, ConversationId>,
): Promise<readonly NewsVerdict[]> {
  const editions = await newsroom.database.query<EditionRow>(
    `select e.id, e.ingested_at, n.ingested_at as superseded_at
       from edition e left join edition n on n.id = e.superseded_by order by e.ingested_at, e.id`,
  );
  const told = await readTold(newsroom);
  return [...conversations].map(([subscriber, conversationId]) => {
    const mine = told.get(conversationId) ?? [];
    return subscriber.kind === "alert"
      ? judgeAlerts(subscriber, editions, mine)
      : judgeDigests(subscriber, editions, mine, { plan, stops: record.stops });
  });
}

async function readTold({
  database,
  ledgers,
  tenant,
}: Newsroom): Promise<ReadonlyMap<string, readonly Told[]>> {
  const rows = await database.query<{ id: string; chat: string; part: Buffer; at: Date }>(
    `select id, conversation_id as chat, part, created_at as at from outbox
      where priority = 2 order by created_at, position`,
  );
  const told = new Map<string, Told[]>();
  for (const { id, chat, part, at } of rows) {
    const place = { tenantId: tenant.tenantId, table: "outbox", column: "part", rowId: id };
    const { text } = JSON.parse(ledgers.cipher.decrypt(place, part)) as { readonly text: string };
    const one = { ...(JSON.parse(text) as ToldNews), at };
    told.set(chat, [...(told.get(chat) ?? []), one]);
  }
  return told;
}

/** One message for each edition, corrections too, when it came in or when the quiet hours end. */
function judgeAlerts(
  subscriber: Subscriber,
  editions: readonly EditionRow[],
  told: readonly Told[],
): NewsVerdict {
  const times = timesTold(told);
  const cameIn = new Map(editions.map(({ id, ingested_at }) => [id, ingested_at]));
  const { quietHours, timeZone } = subscriber;
  const isQuiet = (at: Date) => {
    const minute = minuteIn(timeZone, at);
    return quietHours !== undefined && (minute >= quietHours.from || minute < quietHours.until);
  };
  const misplaced = told.filter(({ at, editions: [id = ""] }) => {
    const since = at.getTime() - (cameIn.get(id)?.getTime() ?? 0);
    const mostMs = quietHours === undefined ? WINDOW_MS : 11 * WINDOW_MS;
    return isQuiet(at) || since < 0 || since > mostMs;
  }).length;
  return {
    subscriber,
    due: editions.length,
    told: told.length,
    misplaced,
    lost: editions.filter(({ id }) => !times.has(id)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
  };
}

/** At each slot what came in since the one before; nothing when nothing did. */
function judgeDigests(
  subscriber: Subscriber,
  editions: readonly EditionRow[],
  told: readonly Told[],
  { plan, stops }: { readonly plan: MonthPlan; readonly stops: RunRecord["stops"] },
): NewsVerdict {
  const slots = digestSlots(subscriber, plan.from, plan.until);
  const times = timesTold(told);
  const left = new Set(told);
  let due = 0;
  let misplaced = 0;
  let lost = 0;
  let before: DigestSlot | undefined;
  for (const slot of slots) {
    const since = before ?? { earliest: plan.from, latest: plan.from };
    const possibleAt = afterStop(slot.latest, stops);
    const deadline = new Date(possibleAt.getTime() + WINDOW_MS);
    const digest = told.find(({ at }) => at >= slot.earliest && at <= deadline);
    const isTold = (edition: EditionRow) => times.has(edition.id);
    // What a correction took the place of before it was told is not told.
    const standing = (from: Date, until: Date, at: Date) =>
      editions.filter(
        ({ ingested_at, superseded_at }) =>
          ingested_at > from &&
          ingested_at <= until &&
          (superseded_at === null || superseded_at > at),
      );
    const sure = standing(since.latest, slot.earliest, deadline);
    if (sure.length > 0 || digest !== undefined) due += 1;
    if (digest !== undefined) {
      left.delete(digest);
      // Whoever stands still past midnight tells on the next day.
      const day = dateIn(subscriber.timeZone, possibleAt);
      const isOnItsDay = dateIn(subscriber.timeZone, digest.at) === day;
      const those = standing(since.earliest, slot.latest, digest.at);
      const possible = new Set(those.map(({ id }) => id));
      const isOfItsTime = digest.editions.every((id) => possible.has(id));
      const isWhole = sure.every(({ id }) => digest.editions.includes(id));
      if (!isOnItsDay || !isOfItsTime || !isWhole) misplaced += 1;
    }
    lost += sure.filter((edition) => !isTold(edition)).length;
    before = slot;
  }
  return {
    subscriber,
    due,
    told: told.length,
    // Those of no slot are of no day.
    misplaced: misplaced + left.size,
    lost,
    doubled: [...times.values()].filter((count) => count > 1).length,
  };
}

/** What falls due while nobody runs is told when somebody does. */
function afterStop(at: Date, stops: RunRecord["stops"]): Date {
  return stops.find(({ from, until }) => at >= from && at < until)?.until ?? at;
}

function timesTold(told: readonly Told[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { editions } of told) {
    for (const id of editions) times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}
