import type { Citation, Retriever } from "../core/answer.ts";
import type { Language } from "../core/language.ts";
import type { Logger } from "../core/logger.ts";
import type { Span } from "../core/message.ts";
import type { TurnInput } from "../core/turn.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { citationLine, cite } from "./cite.ts";
import { shorten } from "./format-reply.ts";
import type { SelectQuote } from "./ports.ts";
import { retrievePassages } from "./retrieve-passages.ts";
import type { Said } from "./turn-outcome.ts";

const MAX_WORDS_LENGTH = 300;
const MAX_PASSAGES = 5;
const QUOTE_LENGTH = 160;

/** `/buscar words`: the best passages, each with a glimpse of its text and its place. */
export async function listPassages(
  ports: {
    readonly retriever: Retriever;
    readonly selectQuote: SelectQuote;
    readonly publicUrl?: string | undefined;
    readonly logger: Logger;
  },
  input: TurnInput,
  asked: { readonly words: string; readonly language: Language },
  signal: AbortSignal,
): Promise<Said> {
  const { language } = asked;
  const texts = catalogue(language).search;
  const words = shorten(asked.words, MAX_WORDS_LENGTH);
  if (words === "") return { replies: [{ kind: "text", paragraphs: [[{ text: texts.usage }]] }] };
  const query = { question: words, language, limit: MAX_PASSAGES };
  const { passages } = await retrievePassages(ports, input, query, signal);
  input.note("retrieved", { search: true, passages: passages.length });
  if (passages.length === 0) {
    return {
      replies: [{ kind: "text", paragraphs: [[{ text: texts.nothing(words) }]] }],
      isAnswered: false,
    };
  }
  const citations: readonly Citation[] = passages.slice(0, MAX_PASSAGES).map((found, index) =>
    cite(found, {
      number: index + 1,
      quote: shorten(ports.selectQuote(words, found.passage.text, QUOTE_LENGTH), QUOTE_LENGTH),
      language,
      publicUrl: ports.publicUrl,
    }),
  );
  const paragraphs: (readonly Span[])[] = [[{ text: texts.heading(words), style: "bold" }]];
  for (const citation of citations) {
    paragraphs.push([], citationLine(citation, language), [{ text: `«${citation.quote}»` }]);
  }
  return { replies: [{ kind: "text", paragraphs }], citations };
}
