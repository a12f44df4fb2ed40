import type { AskedQuestion } from "../core/analytics.ts";
import { fold } from "../retrieval/words.ts";
import { isTelling, wordsOf } from "./question-words.ts";

/** Longer questions are no good titles. */
const MAX_LENGTH = 160;
const HIDDEN = "…";
/** An address, of mail or of a page: nobody's to show, whatever its words. */
const ADDRESS = /\S+@\S+|https?:\/\/\S+|www\.\S+/gi;
/** A number of four digits or more, however it is grouped: a telephone, an identity, a case. A year of ours may stay. */
const LONG_NUMBER = /\+?\d(?:[\s().\-/]*\d){3,}/g;
const YEAR = /^(19|20)\d\d$/;

interface Candidate {
  readonly text: string;
  readonly hidden: number;
}

/**
 * The question that stands for all: of those in which the least is hidden, the commonest, then the shortest. A telling word that fewer than
 * `minAskers` of the people wrote is hidden, and so is every address and every long number. Undefined: nothing would
 * be left to read.
 */
export function writeLabel(
  questions: readonly AskedQuestion[],
  minAskers: number,
): string | undefined {
  const known = wordsOfMany(questions, minAskers);
  const candidates = new Map<string, Candidate & { count: number }>();
  for (const { text } of questions) {
    const candidate = hide(text, known);
    if (candidate === undefined) continue;
    const same = candidates.get(candidate.text);
    if (same === undefined) candidates.set(candidate.text, { ...candidate, count: 1 });
    else same.count += 1;
  }
  const [best] = [...candidates.values()].sort(
    (one, other) =>
      one.hidden - other.hidden ||
      other.count - one.count ||
      one.text.length - other.text.length ||
      (one.text < other.text ? -1 : 1),
  );
  return best?.text;
}

/** Folded, with every form that so many people wrote. */
function wordsOfMany(questions: readonly AskedQuestion[], minAskers: number): ReadonlySet<string> {
  const askers = new Map<string, Set<string>>();
  for (const { asker, text } of questions) {
    for (const word of new Set(wordsOf(text).map(fold))) {
      const own = askers.get(word);
      if (own === undefined) askers.set(word, new Set([asker]));
      else own.add(asker);
    }
  }
  return new Set([...askers].filter(([, who]) => who.size >= minAskers).map(([word]) => word));
}

/** Undefined: too long, or nothing that tells anything is left. */
function hide(given: string, known: ReadonlySet<string>): Candidate | undefined {
  const text = given.replace(/\s+/g, " ").trim();
  if (text.length > MAX_LENGTH) return undefined;
  let hidden = 0;
  let told = 0;
  const veil = () => {
    hidden += 1;
    return HIDDEN;
  };
  const masked = text
    .replace(ADDRESS, veil)
    .replace(LONG_NUMBER, (number) => (YEAR.test(number) ? number : veil()))
    .replace(/[\p{L}\p{N}\p{M}]+/gu, (word) => {
      if (!isTelling(word)) return word;
      if (!known.has(fold(word))) return veil();
      told += 1;
      return word;
    })
    .replace(/…(?:[\s,]*…)+/g, HIDDEN);
  return told === 0 ? undefined : { text: masked, hidden };
}
