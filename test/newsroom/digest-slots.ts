import { Temporal } from "temporal-polyfill";
import type { Subscriber } from "./subscribers.ts";

/** One time at which a digest is due, by the wall clock of who gets it. */
export interface DigestSlot {
  /** Local. */
  readonly date: string;
  /** Of a time that is shown twice, the first and the second; else the same. */
  readonly earliest: Date;
  readonly latest: Date;
}

/** Every slot after `from`, up to `until`; worked out here and by nobody of the product. */
export function digestSlots(
  { kind, timeZone, minute = 0, weekday }: Subscriber,
  from: Date,
  until: Date,
): readonly DigestSlot[] {
  const slots: DigestSlot[] = [];
  const localDate = (at: Date) => dateIn(timeZone, at);
  const last = Temporal.PlainDate.from(localDate(until));
  const time = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
  for (
    let day = Temporal.PlainDate.from(localDate(from));
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    if (kind === "weekly" && day.dayOfWeek !== weekday) continue;
    const wall = day.toPlainDateTime(time);
    const later = wall.toZonedDateTime(timeZone, { disambiguation: "later" });
    const earlier = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
    // A time that is skipped is the one that is shown instead.
    const isSkipped = !earlier.toPlainDateTime().equals(wall);
    const latest = new Date(later.epochMilliseconds);
    const earliest = isSkipped ? latest : new Date(earlier.epochMilliseconds);
    if (earliest > from && latest <= until) slots.push({ date: day.toString(), earliest, latest });
  }
  return slots;
}

export function dateIn(timeZone: string, at: Date): string {
  return zoned(timeZone, at).toPlainDate().toString();
}

export function minuteIn(timeZone: string, at: Date): number {
  const { hour, minute } = zoned(timeZone, at);
  return hour * 60 + minute;
}

function zoned(timeZone: string, at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
}
