import type { RetrievedPassage } from "../core/answer.ts";
import type { Language } from "../core/language.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { cite } from "./cite.ts";
import type { Written } from "./extractive-writer.ts";
import type { SelectQuote } from "./ports.ts";

/** Pages named when nothing answers. */
const NEAREST = 3;
const QUOTE_LENGTH = 200;

/** Says plainly that the gazettes read do not answer, what to try, and last the nearest pages. */
export function writeAbstention(
  question: string,
  passages: readonly RetrievedPassage[],
  options: {
    readonly language: Language;
    readonly publicUrl: string | undefined;
    readonly selectQuote: SelectQuote;
  },
): Written {
  const { abstention } = catalogue(options.language);
  const seen = new Set<string>();
  const citations = passages
    .filter(({ passage }) => {
      const page = `${passage.editionId} ${passage.page}`;
      return !seen.has(page) && seen.add(page);
    })
    .slice(0, NEAREST)
    .map((found, index) => {
      const quote = options.selectQuote(question, found.passage.text, QUOTE_LENGTH);
      return cite(found, { ...options, number: index + 1, quote: quote.replace(/\s+/g, " ") });
    });
  const marks = citations.map(({ number }) => `[${number}]`).join(" ");
  const nearest = citations.length === 0 ? [] : [`${abstention.nearest} ${marks}`];
  return { text: [abstention.notFound, abstention.whatToTry, ...nearest].join("\n"), citations };
}
