import { Temporal } from "temporal-polyfill";
import {
  type Crash,
  SCENARIOS,
  type Scenario,
  type ScenarioName,
  type SimulatedSource,
  SOURCES,
} from "./month-plan.ts";

/** One day of one source, and what happens on it. */
export interface PlannedDay {
  readonly source: SimulatedSource;
  readonly date: string;
  readonly name: ScenarioName;
  readonly scenario: Scenario;
}

export interface MonthPlan {
  readonly from: Date;
  /** Long enough after the last edition that it is collected or given up, and looked at once more. */
  readonly until: Date;
  readonly firstDate: string;
  readonly lastDate: string;
  readonly days: readonly PlannedDay[];
  /** Deaths while people are told. */
  readonly crashes: readonly (readonly [Date, Crash])[];
}

const dying = (at: string, point: string): readonly [Date, Crash] => [
  new Date(at),
  { kind: "crash", phase: "news", point, visit: 1, deed: "kill" },
];

type Assignment = Readonly<Record<SimulatedSource["slug"], readonly ScenarioName[]>>;

/** 3 October to 1 November 2026: Sydney's clocks go forward, Madrid's and New York's back. */
const MONTH: Assignment = {
  gaceta: [
    ...(["on-time", "patience", "late", "backfilled", "cut-off"] as const),
    ...(["truncated", "slow", "redirect-loop", "other-host"] as const),
    ...(["web-page", "unavailable", "long-unavailable", "rejected", "accepted"] as const),
    ...(["robots-refuse", "robots-unavailable", "corrected", "nobody-runs"] as const),
    "killed-after-telling",
  ],
  boletin: [
    ...(["on-time", "patience"] as const),
    ...([
      "late",
      "missing",
      "cut-off",
      "truncated",
      "slow",
      "redirect-loop",
      "other-host",
    ] as const),
    ...(["web-page", "unavailable", "long-unavailable", "rejected", "accepted"] as const),
    ...(["changed-layout", "robots-refuse", "robots-unavailable", "corrected"] as const),
    ...(["killed-claimed", "killed-planned", "killed-begun", "killed-kept"] as const),
    // On the day with 25 hours.
    "killed-before-telling",
    ...(["killed-noted", "killed-storing", "killed-stored", "killed-within"] as const),
    ...(["killed-read", "killed-collected", "killed-settled"] as const),
  ],
  diario: [
    ...(["on-time", "patience", "late", "missing", "cut-off"] as const),
    ...(["truncated", "slow", "redirect-loop", "other-host", "web-page"] as const),
    ...(["unavailable", "long-unavailable", "rejected", "accepted", "changed-layout"] as const),
    ...([
      "robots-refuse",
      "robots-unavailable",
      "corrected",
      "while-nobody-runs",
      "frozen",
    ] as const),
  ],
};

/** 23 to 30 October 2026, for who is in a hurry. */
const WEEK: Assignment = {
  gaceta: ["late", "truncated", "missing", "corrected", "nobody-runs", "killed-after-telling"],
  boletin: [
    ...([
      "cut-off",
      "rejected",
      "killed-before-telling",
      "killed-stored",
      "changed-layout",
    ] as const),
    ...(["killed-noted", "robots-refuse", "web-page"] as const),
  ],
  diario: ["redirect-loop", "unavailable", "accepted", "slow", "while-nobody-runs", "frozen"],
};

export function planMonth({ isQuick }: { readonly isQuick: boolean }): MonthPlan {
  const [firstDate, lastDate] = isQuick
    ? ["2026-10-23", "2026-10-30"]
    : ["2026-10-03", "2026-11-01"];
  const assignment = isQuick ? WEEK : MONTH;
  const days = SOURCES.flatMap((source) =>
    datesOf(source, firstDate, lastDate).map((date, index): PlannedDay => {
      const name = assignment[source.slug][index] ?? "on-time";
      return { source, date, name, scenario: SCENARIOS[name] };
    }),
  );
  const last = Temporal.PlainDate.from(lastDate);
  return {
    from: new Date(`${firstDate}T00:00:00Z`),
    until: new Date(`${last.add({ days: 2 })}T12:00:00Z`),
    firstDate,
    lastDate,
    days,
    crashes: isQuick
      ? [
          dying("2026-10-24T00:00:00Z", "release.releaseDigests: after"),
          dying("2026-10-26T12:00:00Z", "alerts.commit: after"),
        ]
      : [
          dying("2026-10-08T00:00:00Z", "release.releaseDigests: after"),
          dying("2026-10-09T16:00:00Z", "release: news-queue"),
          dying("2026-10-13T12:00:00Z", "alerts.commit: before"),
          dying("2026-10-14T00:00:00Z", "alerts.commit: after"),
          dying("2026-10-16T12:00:00Z", "release.releaseAlerts: after"),
          dying("2026-10-25T17:00:00Z", "release: digests-set-next"),
        ],
  };
}

function datesOf(source: SimulatedSource, first: string, last: string): readonly string[] {
  const dates: string[] = [];
  const end = Temporal.PlainDate.from(last);
  for (let day = Temporal.PlainDate.from(first); Temporal.PlainDate.compare(day, end) <= 0; ) {
    const isOff = source.holidays.includes(day.toString().slice(5));
    if (!isOff && source.weekdays.some((weekday) => weekday === day.dayOfWeek)) {
      dates.push(day.toString());
    }
    day = day.add({ days: 1 });
  }
  return dates;
}
