import type { GazetteDate } from "../../core/gazette.ts";
import type { Absence, CollectedDays } from "../../core/published-news.ts";
import { dayAfter, expectedDays, planEdition, todayIn } from "./expected-days.ts";

/** Why a gazette has no edition of the day `daysAgo` days before today in its own zone; undefined: it has one. */
export function explainAbsence(
  { timeZone, settings, states, published }: Omit<CollectedDays, "sourceName">,
  daysAgo: number,
  now: Date,
): Absence | undefined {
  const day: GazetteDate = dayAfter(todayIn(timeZone, now), -daysAgo);
  if (published.has(day)) return undefined;
  if (states.get(day) === "not-published") return "not-published";
  if (expectedDays(settings, day, day).length === 0) {
    const isHoliday = expectedDays({ ...settings, holidays: [] }, day, day).length > 0;
    return isHoliday ? "holiday" : "no-publication-day";
  }
  if (daysAgo > 0) return "missing";
  return now < planEdition(settings, timeZone, day).lateAt ? "not-yet" : "late";
}
