import { isFillerWord } from "./filler-words.ts";
import { type FoldedWord, foldWords } from "./words.ts";

/** Sentences of a quote; the brief is one to three. */
const MAX_SENTENCES = 3;
/** Shorter pieces ("S. A.", "Art. 3.") are no sentence of their own. */
const MIN_SENTENCE = 40;

/**
 * The stretch of `text` that answers `question` best: the sentence with most of the question's words,
 * with its neighbours while there is room. Verbatim, at most `maxLength` UTF-16 code units, cut between
 * words when one sentence alone is longer. Empty only for an empty text.
 */
export function selectQuote(question: string, text: string, maxLength: number): string {
  const asked = [...new Set(askedWords(question))];
  const sentences = splitSentences(text);
  const scores = sentences.map((sentence) => scoreWords(sentence.words, asked));
  const best = scores.indexOf(Math.max(...scores));
  const chosen = sentences[best];
  if (chosen === undefined) return "";
  if (chosen.end - chosen.start > maxLength) return cutAround(text, chosen, asked, maxLength);
  let [first, last] = [best, best];
  while (last - first + 1 < MAX_SENTENCES) {
    const next = sentences[last + 1];
    const previous = sentences[first - 1];
    const start = sentences[first]?.start ?? 0;
    const end = sentences[last]?.end ?? 0;
    const nextScore =
      next !== undefined && next.end - start <= maxLength ? (scores[last + 1] ?? 0) : -1;
    const previousScore =
      previous !== undefined && end - previous.start <= maxLength ? (scores[first - 1] ?? 0) : 0;
    // What follows explains; what comes before does so only when it holds more of what was asked.
    if (previousScore > Math.max(nextScore, 0)) first--;
    else if (nextScore >= 0) last++;
    else break;
  }
  return text.slice(sentences[first]?.start ?? 0, sentences[last]?.end ?? 0).trim();
}

interface Sentence {
  readonly start: number;
  readonly end: number;
  readonly words: readonly FoldedWord[];
}

function askedWords(question: string): string[] {
  return foldWords(question)
    .map((item) => item.word)
    .filter((word) => !isFillerWord(word) && (word.length > 2 || /\d/.test(word)));
}

/** Ends at . ; ? ! before a space and a capital or digit, or at an empty line. */
const BOUNDARY = /(?<=[.;?!]["”»)]?)\s+(?=["“«(¿¡]?[\p{Lu}\d])|\n\s*\n/gu;

function splitSentences(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  const add = (start: number, end: number) =>
    sentences.push({
      start,
      end,
      words: foldWords(text.slice(start, end)).map((item) => ({
        ...item,
        start: item.start + start,
        end: item.end + start,
      })),
    });
  let start = 0;
  for (const boundary of text.matchAll(BOUNDARY)) {
    if (boundary.index - start < MIN_SENTENCE) continue;
    add(start, boundary.index);
    start = boundary.index + boundary[0].length;
  }
  if (text.slice(start).trim() !== "") add(start, text.length);
  return sentences;
}

/** Each word asked for counts once, by how much a longer word says; numbers say most. */
function scoreWords(words: readonly FoldedWord[], asked: readonly string[]): number {
  return asked.reduce(
    (sum, word) => sum + (words.some((item) => isSameWord(item.word, word)) ? weigh(word) : 0),
    0,
  );
}

function weigh(word: string): number {
  return /^\d+$/.test(word) ? 3 : Math.min(word.length, 9) / 4;
}

/** Forms of one word share most of their beginning: `precio`, `precios`; `solicita`, `solicitud`. */
function isSameWord(left: string, right: string): boolean {
  if (left === right) return true;
  const shorter = Math.min(left.length, right.length);
  if (shorter < 4 || /\d/.test(left + right)) return false;
  const needed = Math.max(4, Math.ceil(0.7 * Math.max(left.length, right.length)));
  return shorter >= needed && left.slice(0, needed) === right.slice(0, needed);
}

/** A sentence too long to quote whole: the stretch with most of the words asked for, between words. */
function cutAround(
  text: string,
  sentence: Sentence,
  asked: readonly string[],
  maxLength: number,
): string {
  const { words } = sentence;
  const weights = words.map((item) => {
    const word = asked.find((candidate) => isSameWord(item.word, candidate));
    return word === undefined ? 0 : weigh(word);
  });
  let best = { start: sentence.start, score: -1 };
  let low = 0;
  let score = 0;
  for (const [high, word] of words.entries()) {
    score += weights[high] ?? 0;
    while (word.end - (words[low]?.start ?? word.start) > maxLength) {
      score -= weights[low] ?? 0;
      low++;
    }
    if (score > best.score) best = { start: words[low]?.start ?? sentence.start, score };
  }
  const stretch = text.slice(best.start, Math.min(sentence.end, best.start + maxLength));
  if (best.start + maxLength >= sentence.end) return stretch.trim();
  const lastSpace = stretch.search(/\s\S*$/u);
  return (lastSpace > maxLength / 2 ? stretch.slice(0, lastSpace) : stretch).trim().toWellFormed();
}
