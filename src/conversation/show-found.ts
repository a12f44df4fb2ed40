import type { Language } from "../core/language.ts";
import type { FoundPassage } from "../core/question.ts";
import { cite } from "./cite.ts";
import type { SelectQuote } from "./ports.ts";
import type { Retrieved } from "./retrieve-plan.ts";

/** Characters of each passage that are shown. */
const QUOTE_LENGTH = 300;

/** What was found, for whoever wants to see why an answer is as it is. */
export function showFound(
  { searched, retrieval }: Retrieved,
  options: {
    readonly language: Language;
    readonly publicUrl?: string | undefined;
    readonly selectQuote: SelectQuote;
  },
): readonly FoundPassage[] {
  const { language, publicUrl, selectQuote } = options;
  return retrieval.passages.map((found, index) => ({
    ...cite(found, {
      number: index + 1,
      quote: selectQuote(searched, found.passage.text, QUOTE_LENGTH).replace(/\s+/g, " "),
      language,
      publicUrl,
    }),
    score: found.score,
    ranks: found.ranks,
  }));
}
