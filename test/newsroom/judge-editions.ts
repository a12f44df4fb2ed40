import type { EditionState } from "../../src/core/newsroom.ts";
import type { MonthPlan, PlannedDay } from "./month-days.ts";
import { dueAt, KNOWN_INSTANTS, type Scenario, SOURCES } from "./month-plan.ts";
import { LATE_AFTER_MINUTES, type Newsroom } from "./newsroom.ts";

const MINUTE_MS = 60_000;
/** Told within two looks of when it is to be told: a process that dies as it tells costs one. */
const WINDOW_MINUTES = 60;

export interface DayVerdict {
  readonly day: PlannedDay;
  readonly seen: string;
  /** Empty: all that was promised of this day was kept. */
  readonly shortfalls: readonly string[];
  readonly lost: number;
  readonly doubled: number;
  /** Minutes from when people were to be told until they were. */
  readonly toldAfter: number | undefined;
}

interface ExpectationRow {
  readonly slug: string;
  readonly date: string;
  readonly state: EditionState;
  readonly attempts: number;
  readonly expected_at: Date;
  readonly late_at: Date;
  readonly alerted_at: Date | null;
  readonly reasons: readonly string[];
  readonly alerts: readonly string[];
  readonly current: number;
  readonly superseded: number;
  /** Editions that are current under one name, the most. */
  readonly most: number;
}

const FACTS = `
  select s.slug, e.published_on::text as date, e.state, e.attempts, e.expected_at, e.late_at, e.alerted_at,
         array(select distinct reason_code from collection_attempt a
                where a.expectation_id = e.id and reason_code is not null) as reasons,
         array(select v.detail ->> 'state' from event v
                where v.kind = 'edition-alert' and v.detail ->> 'sourceId' = e.source_id::text
                  and v.detail ->> 'publishedOn' = e.published_on::text) as alerts,
         counts.*
    from edition_expectation e
    join source s on s.id = e.source_id
   cross join lateral (
     select coalesce(sum(current), 0)::int as current, coalesce(sum(superseded), 0)::int as superseded,
            coalesce(max(current), 0)::int as most
       from (select count(*) filter (where superseded_by is null) as current,
                    count(*) filter (where superseded_by is not null) as superseded
               from edition d where d.source_id = e.source_id and d.published_on = e.published_on
              group by d.document_name) as names) as counts`;

/** Compares what became of each day with what its scenario promises. */
export async function judgeEditions(
  { database }: Newsroom,
  plan: MonthPlan,
): Promise<readonly DayVerdict[]> {
  const rows = await database.query<ExpectationRow>(FACTS);
  const byDay = new Map(rows.map((row) => [`${row.slug} ${row.date}`, row]));
  return plan.days.map((day) => {
    const row = byDay.get(`${day.source.slug} ${day.date}`);
    if (row !== undefined) return judgeDay(day, row);
    const { documents } = day.source;
    const shortfalls = ["never expected"];
    return { day, seen: "", shortfalls, lost: documents, doubled: 0, toldAfter: undefined };
  });
}

/** Days of the plan's time that the product expects and the plan does not, or the other way round. */
export async function unplannedDays(
  { database }: Newsroom,
  plan: MonthPlan,
): Promise<readonly string[]> {
  const rows = await database.query<{ slug: string; date: string }>(
    `select s.slug, e.published_on::text as date from edition_expectation e join source s on s.id = e.source_id
      where e.published_on between $1 and $2`,
    [plan.firstDate, plan.lastDate],
  );
  const planned = new Set(plan.days.map(({ source, date }) => `${source.slug} ${date}`));
  return rows.map(({ slug, date }) => `${slug} ${date}`).filter((name) => !planned.has(name));
}

function judgeDay(day: PlannedDay, row: ExpectationRow): DayVerdict {
  const { source, date } = day;
  // A wider type than the table's: each scenario leaves out what is not promised of it.
  const scenario: Scenario = day.scenario;
  const shortfalls: string[] = [];
  const expect = (holds: boolean, otherwise: string) => {
    if (!holds) shortfalls.push(otherwise);
  };
  const due = dueAt(source, date);
  const known = KNOWN_INSTANTS[`${source.slug} ${date}`];
  expect(row.expected_at.getTime() === due.getTime(), `due ${row.expected_at.toISOString()}`);
  expect(known === undefined || known === due.toISOString(), `not due at ${known}`);
  expect(row.state === scenario.state, `is ${row.state}, not ${scenario.state}`);
  const wanted = editionsOf(scenario.state, source.documents);
  const lost = Math.max(0, wanted - row.current);
  const doubled = Math.max(0, row.current - wanted) + Math.max(0, row.most - 1);
  expect(lost === 0 && doubled === 0, `${row.current} editions, not ${wanted}`);
  const superseded = scenario.superseded ?? 0;
  expect(row.superseded === superseded, `${row.superseded} superseded, not ${superseded}`);
  if (scenario.reason !== undefined) {
    expect(row.reasons.includes(scenario.reason), `never "${scenario.reason}": ${row.reasons}`);
  }
  const promised = scenario.alert === undefined ? [] : [scenario.alert];
  expect(
    row.alerts.join() === promised.join(),
    `told of ${row.alerts.join(", ") || "nothing"}, not of ${promised.join(", ") || "nothing"}`,
  );
  const toldAfter = minutesToTelling(scenario, row);
  if (toldAfter !== undefined) {
    expect(toldAfter >= 0 && toldAfter <= WINDOW_MINUTES, `told after ${toldAfter} minutes`);
  }
  const told = toldAfter === undefined ? "" : `, told +${toldAfter} min`;
  const seen = `${date.slice(5)} ${row.state}${told}`;
  return { day, seen, shortfalls, lost, doubled, toldAfter };
}

/** What is not there has no edition; of several PDFs, faults befall the first. */
function editionsOf(state: EditionState, documents: number): number {
  if (state === "missing") return 0;
  return state === "failed" ? documents - 1 : documents;
}

/** People are told of what is late or fails when it is late, and of what a person must look at when it is seen. */
function minutesToTelling(
  { alert }: Pick<Scenario, "alert">,
  { alerted_at, expected_at }: ExpectationRow,
): number | undefined {
  if (alert === undefined || alerted_at === null) return undefined;
  const after = alert === "late" || alert === "failed" ? LATE_AFTER_MINUTES : 0;
  return (alerted_at.getTime() - expected_at.getTime()) / MINUTE_MS - after;
}

/** By scenario, in the order of the plan, one verdict for each source that has it. */
export function byScenario(
  verdicts: readonly DayVerdict[],
): readonly (readonly [string, readonly (DayVerdict | undefined)[]])[] {
  const titles = [...new Set(verdicts.map(({ day }) => day.scenario.title))];
  return titles.flatMap((title) => {
    const columns = SOURCES.map(({ slug }) =>
      verdicts.filter(({ day }) => day.scenario.title === title && day.source.slug === slug),
    );
    const height = Math.max(...columns.map(({ length }) => length));
    return Array.from(
      { length: height },
      (_, index) => [title, columns.map((column) => column[index])] as const,
    );
  });
}
