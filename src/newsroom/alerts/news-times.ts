import { Temporal } from "temporal-polyfill";
import type { QuietHours, SubscriptionDraft } from "../../core/subscriptions.ts";

/** `now`, or the end of the quiet hours that it falls into, by the wall clock of the zone. */
export function afterQuietHours(now: Date, timeZone: string, quiet: QuietHours | undefined): Date {
  if (quiet === undefined || quiet.from === quiet.until) return now;
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const minute = local.hour * 60 + local.minute;
  const { from, until } = quiet;
  const isOverMidnight = from > until;
  const isQuiet = isOverMidnight
    ? minute >= from || minute < until
    : minute >= from && minute < until;
  if (!isQuiet) return now;
  const day =
    isOverMidnight && minute >= from ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  return atMinute(day, until, timeZone);
}

/**
 * The first time after `after` at which a digest is due. A time that the clocks skip is taken as the later one that
 * they show instead; of one that they show twice, the first.
 */
export function nextDigestAt(
  after: Date,
  {
    kind,
    timeZone,
    minute = 0,
    weekday,
  }: Pick<SubscriptionDraft, "kind" | "timeZone" | "minute" | "weekday">,
): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(
    timeZone,
  );
  let day = local.toPlainDate();
  if (kind === "weekly" && weekday !== undefined) {
    day = day.add({ days: (weekday - day.dayOfWeek + 7) % 7 });
  }
  const step = { days: kind === "weekly" ? 7 : 1 };
  let at = atMinute(day, minute, timeZone);
  while (at.getTime() <= after.getTime()) {
    day = day.add(step);
    at = atMinute(day, minute, timeZone);
  }
  return at;
}

export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z][\w+\-/]{0,60}$/.test(timeZone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return true;
  } catch {
    return false;
  }
}

function atMinute(day: Temporal.PlainDate, minute: number, timeZone: string): Date {
  const time = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
  return new Date(day.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds);
}
