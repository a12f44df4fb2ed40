import { searchWords } from "../core/search-words.ts";
import { isFillerWord } from "../retrieval/filler-words.ts";
import { fold } from "../retrieval/words.ts";

/** Of the gazette itself: in every second question, and no matter of any. */
const EVERYWHERE = new Set(["gaceta", "gazette", "diario", "publico", "publica", "publicado"]);

/** Stems of the words that say what a question is about, without repetitions, in the order asked. */
export function questionStems(text: string): readonly string[] {
  const words = wordsOf(text).filter(isTelling);
  return searchWords(words.join(" "));
}

export function isTelling(word: string): boolean {
  const folded = fold(word);
  return !isFillerWord(folded) && !EVERYWHERE.has(folded);
}

/** Runs of letters and digits, as written. */
export function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(([word]) => word);
}
