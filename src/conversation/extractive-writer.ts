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

/** Room for the quotations together, so that the whole stays readable on a telephone (about 900 characters). */
const QUOTES_LENGTH = 660;
const MAX_QUOTES = 3;
/** Passages further down the ranking are not worth quoting. */
const CANDIDATES = 5;
/** A further passage must score this share of the best one. */
const SCORE_SHARE = 0.45;

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
  const room = Math.floor(QUOTES_LENGTH / chosen.length);
  const { quotation } = catalogue(options.language);
  const lines: string[] = [];
  const citations: Citation[] = [];
  for (const found of chosen) {
    const quote = oneLine(options.selectQuote(question, found.passage.text, room));
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
 * The best passage, and others only for what it leaves open: a passage is added when it covers words of
 * the question that those before it do not (two names, two dates).
 */
function choosePassages(
  question: string,
  passages: readonly RetrievedPassage[],
): readonly RetrievedPassage[] {
  const [best, ...others] = passages.slice(0, CANDIDATES);
  if (best === undefined) return [];
  const open = new Set([...contentWords(question)].map(stem));
  removeCovered(open, best);
  const chosen = [best];
  for (const candidate of others) {
    if (open.size === 0 || chosen.length === MAX_QUOTES) break;
    if (candidate.score < best.score * SCORE_SHARE) break;
    if (removeCovered(open, candidate) > 0) chosen.push(candidate);
  }
  return chosen;
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

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
