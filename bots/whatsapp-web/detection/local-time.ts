import type { CalendarDate } from "./date-order.ts";

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** The wall clock of an instant in a zone, to the minute; undefined: no such zone. */
export function wallClock(
  instant: Date,
  timeZone: string,
): (CalendarDate & { readonly hour: number; readonly minute: number }) | undefined {
  const parts = formatOf(timeZone)?.formatToParts(instant);
  if (parts === undefined) return undefined;
  const numberOf = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return {
    year: numberOf("year"),
    month: numberOf("month"),
    day: numberOf("day"),
    hour: numberOf("hour"),
    minute: numberOf("minute"),
  };
}

/**
 * The instant at which clocks in `timeZone` show this. Undefined for an hour that the change to summer time leaves out
 * and for one that the change back shows twice: it would be a guess.
 */
export function instantOf(
  date: CalendarDate,
  hour: number,
  minute: number,
  timeZone: string,
): Date | undefined {
  const asUtc = Date.UTC(date.year, date.month - 1, date.day, hour, minute);
  const found = new Set<number>();
  // The zone's offset a day before and after: no zone changes it twice in that time.
  for (const shiftMs of [-86_400_000, 86_400_000]) {
    const probe = new Date(asUtc + shiftMs);
    const shown = wallClock(probe, timeZone);
    if (shown === undefined) return undefined;
    const offsetMs = utcOf(shown) - probe.getTime();
    const instant = asUtc - offsetMs;
    const back = wallClock(new Date(instant), timeZone);
    if (back !== undefined && utcOf(back) === asUtc) found.add(instant);
  }
  const [only] = found;
  return found.size === 1 && only !== undefined ? new Date(only) : undefined;
}

function utcOf(shown: CalendarDate & { readonly hour: number; readonly minute: number }): number {
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute);
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(timeZone) && formats.size < 1000) {
    formats.set(timeZone, makeFormat(timeZone));
  }
  return formats.get(timeZone);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
  } catch {
    // The page said a zone that does not exist.
    return undefined;
  }
}
