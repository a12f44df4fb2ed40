import { WEEKDAYS, type Weekday, type WorkingHours } from "../core/hand-over.ts";

const DAY_MS = 86_400_000;
/** Further ahead nobody plans to be there. */
const DAYS_AHEAD = 60;

/** A moment at which people begin, in their own time zone. */
export interface Opening {
  /** `yyyy-mm-dd` */
  readonly date: string;
  /** `hh:mm` */
  readonly time: string;
  /** Days from today; 0: later today. */
  readonly inDays: number;
}

export function isOpen(hours: WorkingHours, now: Date): boolean {
  const { date, time } = localTime(hours.timeZone, now);
  return periodsOf(hours, date).some(([from, to]) => from <= time && time < to);
}

/** When people are there next; undefined: not within two months. */
export function nextOpening(hours: WorkingHours, now: Date): Opening | undefined {
  const { date: today, time } = localTime(hours.timeZone, now);
  for (let inDays = 0; inDays <= DAYS_AHEAD; inDays++) {
    const date = new Date(Date.parse(today) + inDays * DAY_MS).toISOString().slice(0, 10);
    const starts = periodsOf(hours, date)
      .map(([from]) => from)
      .filter((from) => inDays > 0 || from > time)
      .sort();
    if (starts[0] !== undefined) return { date, time: starts[0], inDays };
  }
  return undefined;
}

function periodsOf(hours: WorkingHours, date: string): readonly (readonly [string, string])[] {
  if (hours.holidays.includes(date)) return [];
  // Date.getUTCDay counts from Sunday.
  const weekday = WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7] as Weekday;
  return hours.days[weekday] ?? [];
}

function localTime(timeZone: string, now: Date): { readonly date: string; readonly time: string } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? "00";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
  };
}
