import { Temporal } from "temporal-polyfill";
import type { GazetteDate } from "../../core/gazette.ts";
import type { CollectionSettings, PlannedEdition, Weekday } from "../../core/newsroom.ts";

const MINUTE_MS = 60_000;
/** `12-25`, `2026-12-24`, `easter-2`, `easter+1`. */
const HOLIDAY = /^(?:(?:\d{4}-)?\d{2}-\d{2}|easter(?:[+-]\d{1,3})?)$/;

/** Whether `value` says a day as `CollectionSettings.holidays` does, and that day exists. */
export function isHoliday(value: string): boolean {
  if (!HOLIDAY.test(value)) return false;
  if (value.startsWith("easter")) return true;
  // 2024 is a leap year: 02-29 is a day.
  const date = value.length === 5 ? `2024-${value}` : value;
  try {
    return Temporal.PlainDate.from(date, { overflow: "reject" }).toString() === date;
  } catch {
    return false;
  }
}

/** The days from `from` on, up to and with `until`, on which an edition should come. At most 366. */
export function expectedDays(
  settings: Pick<CollectionSettings, "weekdays" | "holidays">,
  from: GazetteDate,
  until: GazetteDate,
): readonly GazetteDate[] {
  const last = Temporal.PlainDate.from(until);
  const days: GazetteDate[] = [];
  let day = Temporal.PlainDate.from(from);
  for (let count = 0; count < 366 && Temporal.PlainDate.compare(day, last) <= 0; count++) {
    if (isExpectedOn(settings, day)) days.push(day.toString());
    day = day.add({ days: 1 });
  }
  return days;
}

function isExpectedOn(
  { weekdays, holidays }: Pick<CollectionSettings, "weekdays" | "holidays">,
  day: Temporal.PlainDate,
): boolean {
  if (!weekdays.includes(day.dayOfWeek as Weekday)) return false;
  const date = day.toString();
  return !holidays.some((holiday) => {
    if (!holiday.startsWith("easter")) return holiday === date || holiday === date.slice(5);
    const offset = Number(holiday.slice("easter".length) || 0);
    return easterOf(day.year).add({ days: offset }).equals(day);
  });
}

/** Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, 1991, chapter 8). */
function easterOf(year: number): Temporal.PlainDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const l = (32 + 2 * (b % 4) + 2 * i - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  const day = (h + l - 7 * m + 33 * month + 19) % 32;
  return Temporal.PlainDate.from({ year, month, day });
}

/**
 * When the edition of a day is looked for, late and missing. A time that the clock of that zone skips on that day is
 * the one that it shows instead; of one that it shows twice, the first.
 */
export function planEdition(
  settings: Pick<CollectionSettings, "expectedAt" | "lateAfterMinutes" | "missingAfterMinutes">,
  timeZone: string,
  publishedOn: GazetteDate,
): PlannedEdition {
  const at = Temporal.PlainDate.from(publishedOn)
    .toPlainDateTime(Temporal.PlainTime.from(settings.expectedAt))
    .toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds;
  return {
    publishedOn,
    expectedAt: new Date(at),
    lateAt: new Date(at + settings.lateAfterMinutes * MINUTE_MS),
    closesAt: new Date(at + settings.missingAfterMinutes * MINUTE_MS),
  };
}

/** Today where the gazette is published. */
export function todayIn(timeZone: string, now: Date): GazetteDate {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}

export function dayAfter(date: GazetteDate, days = 1): GazetteDate {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** How many days from one date to another, both counted: 1 for the same day. */
export function countDays(from: GazetteDate, until: GazetteDate): number {
  return Temporal.PlainDate.from(from).until(until, { largestUnit: "day" }).days + 1;
}

/** First and last day of a month `yyyy-MM`. */
export function daysOfMonth(month: string): {
  readonly from: GazetteDate;
  readonly until: GazetteDate;
} {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return {
    from: first.toString(),
    until: first.add({ months: 1 }).subtract({ days: 1 }).toString(),
  };
}
