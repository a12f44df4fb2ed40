import type { Schema } from "../../../client/index.ts";

export type CalendarDay = Schema<"EditionCalendar">["days"][number];
export type EditionState = NonNullable<CalendarDay["edition"]>["state"];

export const EDITION_STATES = [
  "collected",
  "corrected",
  "collecting",
  "expected",
  "late",
  "missing",
  "failed",
  "held-for-review",
  "needs-attention",
  "not-published",
] as const satisfies readonly EditionState[];

/**
 * How a day is shown. `ahead`: an edition comes, later. `unasked`: one came, before anybody looked for them. `none`:
 * none comes on such a day.
 */
export type DayState = EditionState | "ahead" | "unasked" | "none";

/** In the order in which a legend names them. */
const DAY_STATES: readonly DayState[] = [...EDITION_STATES, "ahead", "unasked"];

/** Somebody may have to do something. */
const TROUBLES: readonly DayState[] = [
  "late",
  "missing",
  "failed",
  "held-for-review",
  "needs-attention",
];
/** What went wrong longer ago is looked for in the calendar. */
const RECENT_DAYS = 14;
const DAY_MS = 86_400_000;

export function isTrouble(state: DayState): boolean {
  return TROUBLES.includes(state);
}

export function stateOf({ date, isExpected, edition }: CalendarDay, today: string): DayState {
  if (edition !== null) return edition.state;
  if (!isExpected) return "none";
  if (date > today) return "ahead";
  return date === today ? "expected" : "unasked";
}

/** How many days of each state there are, of those that a legend names. */
export function countStates(
  days: readonly CalendarDay[],
  today: string,
): readonly (readonly [DayState, number])[] {
  const counts = new Map<DayState, number>();
  for (const day of days) {
    const state = stateOf(day, today);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return DAY_STATES.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [[state, count] as const];
  });
}

/** Days of late on which something is wrong, newest first. */
export function troubledDays(
  days: readonly CalendarDay[],
  today: string,
): readonly (CalendarDay & { readonly edition: NonNullable<CalendarDay["edition"]> })[] {
  const from = dayAfter(today, -RECENT_DAYS);
  return days
    .flatMap((day) => {
      const { edition, date } = day;
      return edition !== null && isTrouble(edition.state) && date >= from && date <= today
        ? [{ ...day, edition }]
        : [];
    })
    .sort((one, other) => other.date.localeCompare(one.date));
}

/** The months that the days of late lie in: `2026-11`. */
export function recentMonths(today: string): readonly string[] {
  const first = dayAfter(today, -RECENT_DAYS).slice(0, 7);
  const last = today.slice(0, 7);
  return first === last ? [last] : [first, last];
}

/** Today by the clock of a zone, as `2026-11-20`. Sweden writes ISO 8601. */
export function todayIn(timeZone: string, now: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);
}

export function dayAfter(date: string, days = 1): string {
  return toDay(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

/** From one date to another: 0 for the same. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}

export function monthAfter(month: string, months: number): string {
  const [year = 2000, number = 1] = month.split("-").map(Number);
  return toDay(Date.UTC(year, number - 1 + months, 1)).slice(0, 7);
}

/** The weeks of a month from Monday on, seven places each; places of other months are undefined. */
export function weeksOf(month: string): readonly (readonly (string | undefined)[])[] {
  const first = `${month}-01`;
  const start = dayAfter(first, 1 - weekdayOf(first));
  const weeks: (string | undefined)[][] = [];
  for (let monday = start; monday.slice(0, 7) <= month; monday = dayAfter(monday, 7)) {
    const days = Array.from({ length: 7 }, (_, at) => dayAfter(monday, at));
    weeks.push(days.map((date) => (date.startsWith(month) ? date : undefined)));
  }
  return weeks;
}

/** 1: Monday … 7: Sunday. */
function weekdayOf(date: string): number {
  return ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** The day that a key leads to from another; undefined: it is none of the calendar's keys. */
export function dayByKey(date: string, key: string): string | undefined {
  switch (key) {
    case "ArrowLeft":
      return dayAfter(date, -1);
    case "ArrowRight":
      return dayAfter(date, 1);
    case "ArrowUp":
      return dayAfter(date, -7);
    case "ArrowDown":
      return dayAfter(date, 7);
    case "Home":
      return dayAfter(date, 1 - weekdayOf(date));
    case "End":
      return dayAfter(date, 7 - weekdayOf(date));
    case "PageUp":
      return sameDayIn(monthAfter(date.slice(0, 7), -1), date);
    case "PageDown":
      return sameDayIn(monthAfter(date.slice(0, 7), 1), date);
    default:
      return undefined;
  }
}

/** 31 January becomes the last of February. */
export function sameDayIn(month: string, date: string): string {
  const last = dayAfter(`${monthAfter(month, 1)}-01`, -1);
  const same = `${month}-${date.slice(8)}`;
  return same > last ? last : same;
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
