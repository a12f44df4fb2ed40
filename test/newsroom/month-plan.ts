import { Temporal } from "temporal-polyfill";
import type { EditionState, Weekday } from "../../src/core/newsroom.ts";
import type { SiteFault } from "../stand-ins/gazette-site/gazette-site.ts";

/** Three gazettes, each found in another way, each by another clock. */
export interface SimulatedSource {
  readonly slug: "gaceta" | "boletin" | "diario";
  /** As the table heads its column. */
  readonly title: string;
  readonly locator: "address" | "listing" | "feed";
  readonly country: string;
  readonly timeZone: string;
  readonly expectedAt: string;
  readonly weekdays: readonly Weekday[];
  readonly holidays: readonly string[];
  /** PDFs of one day. */
  readonly documents: number;
}

const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5] as const;

export const SOURCES: readonly SimulatedSource[] = [
  {
    slug: "gaceta",
    title: "La Gaceta (CR), address",
    locator: "address",
    country: "CR",
    timeZone: "America/Costa_Rica",
    expectedAt: "06:00",
    weekdays: MONDAY_TO_FRIDAY,
    holidays: ["10-12"],
    documents: 1,
  },
  {
    slug: "boletin",
    title: "BOE (ES), open data, 3 PDFs",
    locator: "feed",
    country: "ES",
    timeZone: "Europe/Madrid",
    // Shown twice on 25 October 2026: the first one counts.
    expectedAt: "02:30",
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    holidays: [],
    documents: 3,
  },
  {
    slug: "diario",
    title: "DOF (MX), listing",
    locator: "listing",
    country: "MX",
    timeZone: "America/Mexico_City",
    expectedAt: "07:00",
    weekdays: MONDAY_TO_FRIDAY,
    holidays: [],
    documents: 1,
  },
];

/** When the edition of a day is due, worked out here and by nobody of the product. */
export function dueAt({ timeZone, expectedAt }: SimulatedSource, date: string): Date {
  const at = Temporal.PlainDate.from(date).toZonedDateTime({
    timeZone,
    plainTime: Temporal.PlainTime.from(expectedAt),
  });
  return new Date(at.epochMilliseconds);
}

/** Known by heart, so that the line above is checked too: the day on which Madrid's clocks go back, and those around it. */
export const KNOWN_INSTANTS: Readonly<Record<string, string>> = {
  "boletin 2026-10-24": "2026-10-24T00:30:00.000Z",
  "boletin 2026-10-25": "2026-10-25T00:30:00.000Z",
  "boletin 2026-10-26": "2026-10-26T01:30:00.000Z",
  "gaceta 2026-10-26": "2026-10-26T12:00:00.000Z",
  "diario 2026-10-26": "2026-10-26T13:00:00.000Z",
};

export interface Crash {
  readonly kind: "crash";
  readonly phase: "collect" | "news";
  readonly point: string;
  /** The how-manieth time the place is come by, from 1. */
  readonly visit: number;
  /** `freeze`: the process stands still, outlives its lease, and goes on when `thaw` comes. */
  readonly deed: "kill" | "freeze";
}

export type Deed =
  | { readonly kind: "fault"; readonly fault: SiteFault | undefined }
  | { readonly kind: "robots"; readonly robots: "usual" | "refuse" | "unavailable" }
  | { readonly kind: "correct" }
  /** A PDF whose masthead names another date, and which no other day has. */
  | { readonly kind: "wrong-date" }
  | { readonly kind: "decide"; readonly decision: "accept" | "reject" }
  | { readonly kind: "change-settings" }
  | { readonly kind: "backfill" }
  | { readonly kind: "stop" }
  | { readonly kind: "start" }
  | { readonly kind: "thaw" }
  | Crash;

export interface Scenario {
  readonly title: string;
  /** Minutes from when the edition is due. */
  readonly deeds: readonly (readonly [number, Deed])[];
  readonly state: EditionState;
  readonly alert?: EditionState;
  /** Editions that another one took the place of. */
  readonly superseded?: number;
  /** Must stand among the reasons of its tries. */
  readonly reason?: string;
}

const LATE_AFTER = 120;

const from = (fault: SiteFault, until?: number): Scenario["deeds"] => [
  [-120, { kind: "fault", fault }],
  ...(until === undefined ? [] : ([[until, { kind: "fault", fault: undefined }]] as const)),
];
const crashing = (point: string, visit = 1): Scenario => ({
  title: `killed at ${point}${visit > 1 ? ` (${visit})` : ""}`,
  deeds: [[0, { kind: "crash", phase: "collect", point, visit, deed: "kill" }]],
  state: "collected",
});
const dyingAsItTells = (moment: "before" | "after"): Scenario => {
  const point = `ledger.tellOverdue: ${moment}`;
  return {
    title: `late, and killed ${moment} it tells so`,
    deeds: [
      ...from("missing", 180),
      [LATE_AFTER, { kind: "crash", phase: "collect", point, visit: 1, deed: "kill" }],
    ],
    state: "collected",
    alert: "late",
  };
};
const robots = (kind: "refuse" | "unavailable", until: number): Scenario["deeds"] => [
  [-120, { kind: "robots", robots: kind }],
  [until, { kind: "robots", robots: "usual" }],
];

export const SCENARIOS = {
  "on-time": { title: "on time", deeds: [], state: "collected" },
  patience: {
    title: "an hour later than due",
    deeds: from("missing", 60),
    state: "collected",
    reason: "not-there",
  },
  late: {
    title: "three hours later than due",
    deeds: from("missing", 180),
    state: "collected",
    alert: "late",
    reason: "not-there",
  },
  missing: {
    title: "never there (404, or not named)",
    deeds: from("missing"),
    state: "missing",
    alert: "late",
    reason: "not-there",
  },
  backfilled: {
    title: "missing, there after three days, back-filled",
    deeds: [...from("missing", 4_310), [4_320, { kind: "backfill" }]],
    state: "collected",
    alert: "late",
  },
  "cut-off": { title: "connection cut off, goes on", deeds: from("cut-off"), state: "collected" },
  truncated: {
    title: "truncated PDF, whole an hour later",
    deeds: from("truncated", 60),
    state: "collected",
    reason: "truncated",
  },
  slow: {
    title: "one byte now and then, for half an hour",
    deeds: from("slow", 30),
    state: "collected",
    reason: "timed-out",
  },
  "redirect-loop": {
    title: "redirect loop, all day",
    deeds: from("redirect-loop"),
    state: "failed",
    alert: "failed",
    reason: "redirect-loop",
  },
  "other-host": {
    title: "redirect to a foreign host, four hours",
    deeds: from("other-host", 240),
    state: "collected",
    alert: "failed",
    reason: "host-refused",
  },
  "web-page": {
    title: "a web page where the PDF should be, four hours",
    deeds: from("web-page", 240),
    state: "collected",
    alert: "failed",
    reason: "wrong-content-type",
  },
  unavailable: {
    title: "503 with Retry-After, an hour",
    deeds: from("unavailable", 60),
    state: "collected",
    reason: "http-503",
  },
  "long-unavailable": {
    title: "503, five hours",
    deeds: from("unavailable", 300),
    state: "collected",
    alert: "failed",
    reason: "http-503",
  },
  rejected: {
    title: "the PDF of another day; a person rejects it",
    deeds: [...from("other-date", 300), [300, { kind: "decide", decision: "reject" }]],
    state: "collected",
    alert: "held-for-review",
  },
  accepted: {
    title: "another date in the PDF; a person accepts it",
    deeds: [
      [-120, { kind: "wrong-date" }],
      [300, { kind: "decide", decision: "accept" }],
    ],
    state: "collected",
    alert: "held-for-review",
    reason: "date-mismatch",
  },
  "changed-layout": {
    title: "another layout; a person changes the settings",
    deeds: [...from("changed-layout", 300), [300, { kind: "change-settings" }]],
    state: "collected",
    alert: "needs-attention",
    reason: "layout-changed",
  },
  "robots-refuse": {
    title: "robots.txt refuses it, two and a half hours",
    deeds: robots("refuse", 150),
    state: "collected",
    alert: "failed",
    reason: "robots-refused",
  },
  "robots-unavailable": {
    title: "robots.txt answers 503, an hour",
    deeds: robots("unavailable", 60),
    state: "collected",
    reason: "robots-unreachable",
  },
  corrected: {
    title: "corrected the same afternoon",
    deeds: [[360, { kind: "correct" }]],
    state: "corrected",
    superseded: 1,
  },
  "nobody-runs": {
    title: "no process runs for nine hours",
    deeds: [
      [-60, { kind: "stop" }],
      [480, { kind: "start" }],
    ],
    state: "collected",
  },
  "while-nobody-runs": { title: "no process runs for nine hours", deeds: [], state: "collected" },
  frozen: {
    title: "frozen with the lease, thawed two hours later",
    deeds: [
      [
        0,
        { kind: "crash", phase: "collect", point: "newsroom:collected", visit: 1, deed: "freeze" },
      ],
      [120, { kind: "thaw" }],
    ],
    state: "collected",
  },
  "killed-claimed": crashing("ledger.claim: after"),
  "killed-planned": crashing("ledger.plan: after"),
  "killed-begun": crashing("newsroom:begun"),
  "killed-kept": crashing("fileStore.put: after"),
  "killed-noted": crashing("ledger.noteDocument: after"),
  "killed-storing": crashing("gazetteStore.storeEdition: before"),
  "killed-stored": crashing("gazetteStore.storeEdition: after"),
  "killed-within": crashing("db:commit", 12),
  "killed-read": crashing("ledger.noteDocument: after", 4),
  "killed-collected": crashing("newsroom:collected"),
  "killed-settled": crashing("ledger.settle: after"),
  "killed-before-telling": dyingAsItTells("before"),
  "killed-after-telling": dyingAsItTells("after"),
} as const satisfies Readonly<Record<string, Scenario>>;
export type ScenarioName = keyof typeof SCENARIOS;
