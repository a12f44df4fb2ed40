import type { GazetteDate } from "../core/gazette.ts";
import type { Language } from "../core/language.ts";

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
  context: { readonly language: Language; readonly now: Date },
) => QuestionPlan;

/** The stretch of `text` that answers `question` best, verbatim, cut at sentence or word, at most `maxLength` long. */
export type SelectQuote = (question: string, text: string, maxLength: number) => string;
