import type { Clock } from "../core/clock.ts";
import type { GazetteDate, Source } from "../core/gazette.ts";
import type { GazetteStore } from "../core/gazette-store.ts";

/** What is to be known of a gazette to find its name in a question. */
export type NamedSource = Pick<Source, "slug" | "name" | "country" | "timeZone">;

/** What the rules read in a question. */
export interface QuestionPlan {
  /** Inclusive; either end may be open. */
  readonly dates?: { readonly from?: GazetteDate; readonly to?: GazetteDate };
  /** Slugs of the gazettes that the question names. */
  readonly sources?: readonly string[];
}

/** Dates and gazettes named in a question ("ayer", "la gaceta del 14 de noviembre"), by rules. */
export type PlanByRules = (
  question: string,
  context: { readonly clock: Clock; readonly sources: readonly NamedSource[] },
) => QuestionPlan;

/** The stretch of `text` that answers `question` best, verbatim, cut at sentence or word, at most `maxLength` long. */
export type SelectQuote = (question: string, text: string, maxLength: number) => string;

/** What a conversation reads of the gazettes kept. */
export type GazetteReads = Pick<
  GazetteStore,
  "listSources" | "listEditions" | "listActs" | "getEdition"
>;

/**
 * As `SelectQuote`, from one place or two of the passage, in its order; `maxLength` holds for the sum. Words
 * that few of `among`, the passages found with this one, have count for more.
 */
export type SelectStretches = (
  question: string,
  passage: { readonly text: string },
  maxLength: number,
  among: readonly { readonly text: string }[],
) => readonly string[];
