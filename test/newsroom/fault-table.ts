import { byScenario, type DayVerdict, judgeEditions, unplannedDays } from "./judge-editions.ts";
import { judgeNews, type NewsVerdict } from "./judge-news.ts";
import { markdownTable } from "./markdown-table.ts";
import { type MonthPlan, planMonth } from "./month-days.ts";
import { SOURCES } from "./month-plan.ts";
import { type Newsroom, openNewsroom } from "./newsroom.ts";
import { type RunRecord, runMonth } from "./run-month.ts";
import { addSubscribers, type Subscriber } from "./subscribers.ts";
import type { Promised, VerifiedTable } from "./verdict.ts";

/**
 * A month (a week when `isQuick`) of three gazettes on simulated time, with every fault that their sites know, and
 * processes that are killed in the middle: what was promised of each day, and what became of it.
 */
export async function runFaultTable(options: {
  readonly isQuick: boolean;
}): Promise<VerifiedTable> {
  const plan = planMonth(options);
  const newsroom = await openNewsroom(plan.from);
  try {
    const conversations = await addSubscribers(newsroom);
    const record = await runMonth(newsroom, plan, (date) => process.stderr.write(`${date} `));
    process.stderr.write("\n");
    const days = await judgeEditions(newsroom, plan);
    const news = await judgeNews(newsroom, plan, record, conversations);
    const unplanned = await unplannedDays(newsroom, plan);
    const lapsed = await countLapsed(newsroom);
    return describe({ plan, record, days, news, unplanned, lapsed });
  } finally {
    await newsroom.close();
  }
}

interface Findings {
  readonly plan: MonthPlan;
  readonly record: RunRecord;
  readonly days: readonly DayVerdict[];
  readonly news: readonly NewsVerdict[];
  readonly unplanned: readonly string[];
  /** Tries that a process left when it died, and another one closed. */
  readonly lapsed: number;
}

function describe(findings: Findings): VerifiedTable {
  const { plan, record, days, news } = findings;
  const sums = sumUp(findings);
  const places = record.crashes.map(({ at, crash, reachedAt }) => [
    at.toISOString().slice(0, 16),
    crash.point,
    crash.deed === "kill" ? "kill -9" : "SIGSTOP, then SIGCONT",
    reachedAt?.toISOString().slice(0, 16) ?? "SHORT: never come by",
  ]);
  const text = [
    `### ${plan.firstDate} to ${plan.lastDate}: what befell which edition, and what became of it`,
    markdownTable(["what happens", ...SOURCES.map(({ title }) => title)], rowsOf(days)),
    "### Digests and alerts, by where they are read",
    markdownTable(
      ["who", "due", "told", "on another day, or late", "editions lost", "told twice"],
      news.map((each) => [
        nameOf(each.subscriber),
        each.due,
        each.told,
        each.misplaced,
        each.lost,
        each.doubled,
      ]),
    ),
    "### Processes that died or stood still",
    markdownTable(["ordered at (UTC)", "place", "how", "come by at"], places),
    "### All together",
    markdownTable(
      ["what", "promised", "seen", ""],
      sums.map(({ what, promised, seen, holds }) => [what, promised, seen, holds ? "" : "SHORT"]),
    ),
  ].join("\n\n");
  return { text, shortfalls: [...shortDays(days), ...shortSums(sums), ...record.troubles] };
}

function rowsOf(days: readonly DayVerdict[]): readonly (readonly string[])[] {
  return byScenario(days).map(([title, columns]) => [
    title,
    ...columns.map((verdict) => {
      if (verdict === undefined) return "";
      const { seen, shortfalls } = verdict;
      return shortfalls.length === 0 ? seen : `SHORT ${seen}: ${shortfalls.join("; ")}`;
    }),
  ]);
}

function sumUp({ record, days, news, unplanned, lapsed }: Findings): readonly Promised[] {
  const exactly = (what: string, promised: number, seen: number): Promised => ({
    what,
    promised: String(promised),
    seen: String(seen),
    holds: promised === seen,
  });
  const sum = (of: (day: DayVerdict) => number) => days.reduce((total, day) => total + of(day), 0);
  const sumNews = (of: (each: NewsVerdict) => number) =>
    news.reduce((total, each) => total + of(each), 0);
  const alerts = days.filter(({ day }) => "alert" in day.scenario);
  const toldAfter = alerts.flatMap((verdict) => verdict.toldAfter ?? []);
  const kills = record.crashes.filter(({ crash }) => crash.deed === "kill");
  return [
    exactly(
      "days on which an edition was due",
      days.length,
      days.filter(({ shortfalls }) => !shortfalls.includes("never expected")).length,
    ),
    exactly("other days on which one was looked for", 0, unplanned.length),
    exactly(
      "editions lost",
      0,
      sum(({ lost }) => lost),
    ),
    exactly(
      "editions twice",
      0,
      sum(({ doubled }) => doubled),
    ),
    exactly("troubles of which people were told", alerts.length, toldAfter.length),
    {
      what: "told after, minutes, the longest",
      promised: "≤ 60",
      seen: String(Math.max(0, ...toldAfter)),
      holds: toldAfter.every((minutes) => minutes <= 60),
    },
    exactly(
      "messages to citizens",
      sumNews(({ due }) => due),
      sumNews(({ told }) => told),
    ),
    exactly(
      "on another local day, or late",
      0,
      sumNews(({ misplaced }) => misplaced),
    ),
    exactly(
      "editions that somebody was not told of",
      0,
      sumNews(({ lost }) => lost),
    ),
    exactly(
      "editions that somebody was told of twice",
      0,
      sumNews(({ doubled }) => doubled),
    ),
    exactly(
      "processes killed with kill -9",
      kills.length,
      kills.filter(({ reachedAt }) => reachedAt !== undefined).length,
    ),
    exactly(
      "processes frozen beyond their lease",
      record.crashes.length - kills.length,
      record.crashes.filter(({ crash, reachedAt }) => crash.deed === "freeze" && reachedAt).length,
    ),
    {
      what: "tries that the dead left and others ended",
      promised: "≥ 1",
      seen: String(lapsed),
      holds: lapsed > 0,
    },
  ];
}

function shortDays(days: readonly DayVerdict[]): readonly string[] {
  return days.flatMap(({ day, shortfalls }) =>
    shortfalls.map((shortfall) => `${day.source.slug} ${day.date} (${day.name}): ${shortfall}`),
  );
}

function shortSums(sums: readonly Promised[]): readonly string[] {
  return sums
    .filter(({ holds }) => !holds)
    .map(({ what, promised, seen }) => `${what}: ${seen}, promised ${promised}`);
}

function nameOf({ kind, timeZone, minute, weekday, quietHours }: Subscriber): string {
  if (kind === "alert") return `alert, ${timeZone}${quietHours ? ", silent 21:00 to 7:00" : ""}`;
  const time = `${Math.floor((minute ?? 0) / 60)}:${String((minute ?? 0) % 60).padStart(2, "0")}`;
  return `${kind}${weekday === undefined ? "" : ` (${weekday})`} ${time}, ${timeZone}`;
}

async function countLapsed({ database }: Newsroom): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    "select count(*)::int as n from collection_attempt where reason_code = 'process-lost'",
  );
  return row?.n ?? 0;
}
