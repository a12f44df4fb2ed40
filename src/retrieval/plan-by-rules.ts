import type { Clock } from "../core/clock.ts";
import type { GazetteDate } from "../core/gazette.ts";
import { findDates } from "./question-dates.ts";
import { findSources, type PlannedSource, wordsNaming } from "./question-sources.ts";
import { foldWords } from "./words.ts";

export interface RulePlan {
  /** The question as asked: words that became a filter still help to rank. */
  readonly question: string;
  /** Editions published then; absent when the question ties no date to a gazette. */
  readonly dates?: { readonly from?: GazetteDate; readonly to?: GazetteDate };
  /** Slugs of the gazettes named; absent when none is. */
  readonly sources?: readonly string[];
}

/**
 * Dates and gazettes that a question asks for, by rules in Spanish, Portuguese and English. "Today" is
 * meant in the time zone of the gazette named, else of the first source.
 * A date filters only when it belongs to the publication ("la gaceta del 14 de noviembre", "ayer",
 * "este mes"): "el nombramiento del 4 de abril" is about what was published, not when.
 */
export function planByRules(
  question: string,
  context: { readonly clock: Clock; readonly sources: readonly PlannedSource[] },
): RulePlan {
  const named = findSources(question, context.sources);
  const zone = (named[0] ?? context.sources[0])?.timeZone ?? "UTC";
  const today = localDate(context.clock.now(), zone);
  const words = foldWords(question).map((item) => item.word);
  const dates = findDates(words, today, wordsNaming(context.sources));
  return {
    question,
    ...(dates === undefined ? {} : { dates }),
    ...(named.length === 0 ? {} : { sources: named.map((source) => source.slug) }),
  };
}

/** By time zone: making a formatter costs a hundred times what using one does. As many as there are zones. */
const FORMATTERS = new Map<string, Intl.DateTimeFormat>();

/** `yyyy-mm-dd` in the zone. */
function localDate(now: Date, timeZone: string): GazetteDate {
  let formatter = FORMATTERS.get(timeZone);
  if (formatter === undefined) {
    // The Swedish format of a date is ISO 8601's.
    formatter = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
    FORMATTERS.set(timeZone, formatter);
  }
  return formatter.format(now);
}
