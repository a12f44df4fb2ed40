import type { Citation, RetrievedPassage } from "../core/answer.ts";
import type { Language } from "../core/language.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { cite, editionName, longDate, pagePhrase } from "./cite.ts";
import { contentWords, stem } from "./content-words.ts";
import { fold } from "./detect-language.ts";
import type { SelectQuote } from "./ports.ts";

/** What a writer makes of the passages. */
export interface Written {
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** Characters of a single quotation, and of each of two, so that the whole stays readable on a telephone. */
const ONE_QUOTE_LENGTH = 780;
const EACH_QUOTE_LENGTH = 360;
/** Passages further down the ranking are not worth quoting. */
const CANDIDATES = 5;
/**
 * Share of the best score that a second passage needs: little if it has a name or number that the first lacks
 * (two brands compared), much if it has only another word. Chosen on the dev questions of two files.
 */
const SCORE_SHARE_NAMED = 0.3;
const SCORE_SHARE_OTHER = 0.8;

/**
 * Quotes the passages that answer best, word for word, each with its place and `[n]`. Needs no model:
 * the last link of the chain, and the default. `passages` must not be empty.
 */
export function writeExtract(
  question: string,
  passages: readonly RetrievedPassage[],
  options: {
    readonly language: Language;
    readonly publicUrl: string | undefined;
    readonly selectQuote: SelectQuote;
  },
): Written {
  const chosen = choosePassages(question, passages);
  const room = chosen.length === 1 ? ONE_QUOTE_LENGTH : EACH_QUOTE_LENGTH;
  const { quotation } = catalogue(options.language);
  const lines: string[] = [];
  const citations: Citation[] = [];
  for (const found of chosen) {
    const quote = oneLine(quoteFrom(found.passage.text, room, question, options.selectQuote));
    const citation = cite(found, { ...options, number: citations.length + 1, quote });
    const place = quotation.place(
      editionName(found.sourceName, found.editionNumber, options.language),
      longDate(found.date, options.language),
      pagePhrase(found.passage, options.language),
    );
    const opening =
      citations.length === 0 ? quotation.introduction(place) : quotation.alsoIn(place);
    if (citations.length > 0) lines.push("");
    lines.push(opening, `«${quote}» [${citation.number}]`);
    citations.push(citation);
  }
  return { text: lines.join("\n"), citations };
}

/**
 * The best passage, and a second only for what it leaves open: words of the question, names and numbers above
 * all, that it does not have.
 */
function choosePassages(
  question: string,
  passages: readonly RetrievedPassage[],
): readonly RetrievedPassage[] {
  const [best, ...others] = passages.slice(0, CANDIDATES);
  if (best === undefined) return [];
  const open = new Set([...contentWords(question)].map(stem));
  const openNames = new Set([...contentWords(namesIn(question))].map(stem));
  removeCovered(open, best);
  removeCovered(openNames, best);
  const second =
    others.find(
      (found) =>
        found.score >= best.score * SCORE_SHARE_NAMED &&
        removeCovered(new Set(openNames), found) > 0,
    ) ??
    others.find(
      (found) =>
        found.score >= best.score * SCORE_SHARE_OTHER && removeCovered(new Set(open), found) > 0,
    );
  return second === undefined ? [best] : [best, second];
}

/** Words with a capital, but for the first, and words with digits. */
function namesIn(question: string): string {
  return (
    question
      .trim()
      .match(/(?<=\S\s.*)\p{Lu}[\p{L}\p{N}]*|\p{Lu}{2,}|[\p{L}-]*\p{N}+[\p{L}\p{N}-]*/gu) ?? []
  ).join(" ");
}

/** Removes from `open` the stems that the passage has; returns how many. */
function removeCovered(open: Set<string>, found: RetrievedPassage): number {
  const before = open.size;
  const text = fold(`${found.passage.heading}\n${found.passage.text}`.toLowerCase());
  for (const begin of open) if (hasWord(text, begin)) open.delete(begin);
  return before - open.size;
}

/** Whether a word of the folded `text` begins so. Searches rather than splits: five passages are read per answer. */
function hasWord(text: string, begin: string): boolean {
  for (let at = text.indexOf(begin); at !== -1; at = text.indexOf(begin, at + 1)) {
    const previous = text[at - 1];
    if (previous === undefined || !/[a-z0-9]/.test(previous)) return true;
  }
  return false;
}

/**
 * As much of the passage around its best sentences as there is room for: who asks stands at the beginning of an
 * edict, and when at its end. Sentences that leave out whom the question names say nothing (a bare date): those
 * around the name come first.
 */
function quoteFrom(
  passage: string,
  room: number,
  question: string,
  selectQuote: SelectQuote,
): string {
  const text = passage.trim();
  if (text.length <= room) return text;
  const names = namesIn(question);
  const whole = selectQuote(question, text, room);
  const namesThere = countNames(names, whole);
  const named = namesThere < countNames(names, text) ? selectQuote(names, text, room) : whole;
  const best = countNames(names, named) > namesThere ? named : whole;
  const start = text.indexOf(best);
  if (start === -1) return best;
  const end = start + best.length;
  if (end <= room) return text.slice(0, end);
  return text.length - start <= room ? text.slice(start) : best;
}

function countNames(names: string, quote: string): number {
  const text = fold(quote.toLowerCase());
  return [...contentWords(names)].filter((name) => hasWord(text, stem(name))).length;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
