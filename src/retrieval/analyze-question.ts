import type { Language } from "../core/language.ts";
import { wordsForCountry } from "./country-names.ts";
import { isEnglishWord, wordsForEnglish } from "./english-words.ts";
import { isFillerWord } from "./filler-words.ts";
import { PUBLICATION_WORDS } from "./question-sources.ts";
import type { IndexView, Lexeme } from "./read-index.ts";
import { type FoldedWord, foldWords } from "./words.ts";

/** One word that the question turns on. */
export interface Term {
  /** Folded, as asked. */
  readonly word: string;
  /** Its stems and, for a word that the corpus lacks, the nearest ones it has. */
  readonly lexemes: readonly Lexeme[];
  /** Passages with any of its lexemes, all languages together. */
  readonly passageCount: number;
  /** ln(1 + (N − n + ½) / (n + ½)), at least 0 (Robertson & Spärck Jones, as in Lucene's BM25). */
  readonly idf: number;
  /** Share of the IDF that counts: below 1 for a guess at a misspelt word. */
  readonly weight: number;
  readonly isName: boolean;
  readonly isNumber: boolean;
  /** In the corpus only as a guess at what was meant. */
  readonly isCorrected: boolean;
  /** Says what is to be found rather than where: an answer holds the name, not the word "empresa". */
  readonly isAsking: boolean;
  /** Number of the run of capitalised words that it stands in: together they name one thing. */
  readonly entity: number | undefined;
  /** A few capitals, as people shorten what a gazette spells out. */
  readonly isAbbreviation: boolean;
}

/** At most this many distinct words are looked up: a chat message of 4,000 characters is not a query. */
const MAX_WORDS = 64;

const ASKING_NOUNS: ReadonlySet<string> = new Set(
  `empresa empresas compania sociedad persona personas senor senora senoras muchacha muchacho gente pais paises
   fecha fechas data datas nombre nombres nome nomes duena dueno papeles tramite company country date name person
   people`.split(/\s+/),
);

const CLOSE_LANGUAGES: readonly Language[] = ["es", "pt"];

/** The question's deciding words, each once, in the order asked. Unknown words stay, without lexemes. */
export async function analyzeQuestion(
  question: string,
  language: Language,
  index: IndexView,
): Promise<readonly Term[]> {
  const languages = new Set(index.corpora.map((corpus) => corpus.language));
  const isForeign = language === "en" && !languages.has("en");
  const words = pickWords(question, isForeign).map((item) => ({
    ...item,
    spellings: isForeign && !item.isName ? wordsForEnglish(item.word) : wordsForCountry(item.word),
  }));
  const stems = await index.stems(words.flatMap((item) => item.spellings));
  const passageTotal = index.corpora.reduce((sum, corpus) => sum + corpus.passageCount, 0);
  let next = 0;
  const kept = words.flatMap((item) => {
    const found = stems.slice(next, next + item.spellings.length).flat();
    next += item.spellings.length;
    // Stopped in one of two close languages, it is no content word in the other either.
    const isStopped = CLOSE_LANGUAGES.some(
      (language) => languages.has(language) && !found.some((stem) => stem.language === language),
    );
    if (found.length === 0 || (isStopped && !item.isName)) return [];
    // An English word that no gazette has says nothing of what they hold.
    const isUnknown = found.every((stem) => stem.passageCount === 0);
    if (isForeign && isUnknown && /^[a-z]+$/.test(item.word) && !item.isName) return [];
    return [{ ...item, stems: found }];
  });
  const terms: Term[] = [];
  const seen = new Set<string>();
  for (const item of kept) {
    const known = item.stems.filter((stem) => stem.passageCount > 0);
    const isCorrected = known.length === 0;
    const lexemes = isCorrected ? await nearestLexemes(item.word, item.stems, index) : known;
    const key = item.stems.map((stem) => `${stem.language}${stem.lexeme}`).join();
    if (seen.has(key)) continue;
    seen.add(key);
    const passageCount = lexemes.reduce((sum, lexeme) => sum + lexeme.passageCount, 0);
    terms.push({
      word: item.word,
      lexemes,
      passageCount,
      idf: Math.log(1 + Math.max(0, passageTotal - passageCount + 0.5) / (passageCount + 0.5)),
      weight: (isCorrected ? 0.7 : 1) * (ASKING_NOUNS.has(item.word) ? 0.4 : 1),
      isName: item.isName,
      isNumber: /^\d+$/.test(item.word),
      isCorrected: isCorrected && lexemes.length > 0,
      isAsking: ASKING_NOUNS.has(item.word),
      entity: item.entity,
      isAbbreviation: item.isAbbreviation,
    });
  }
  return terms;
}

function isCapitals(word: FoldedWord | undefined): boolean {
  return word !== undefined && /^\p{Lu}{2,}$/u.test(word.original);
}

type PickedWord = Pick<Term, "word" | "isName" | "entity" | "isAbbreviation">;

function pickWords(question: string, isForeign: boolean): readonly PickedWord[] {
  const words = new Map<string, PickedWord>();
  const folded = foldWords(question);
  // A question typed in capitals throughout names nothing by them.
  const isShouted = !/\p{Ll}/u.test(question);
  let entity = 0;
  let lastName: FoldedWord | undefined;
  for (const [at, item] of folded.entries()) {
    const isName =
      !isShouted &&
      /^\p{Lu}/u.test(item.original) &&
      (at > 0 || /^\p{Lu}{2}/u.test(item.original) || isCapitals(folded[at + 1])) &&
      !/[.?!]\s*[¿¡"“]?\s*$/u.test(question.slice(Math.max(0, item.start - 4), item.start)) &&
      // English writes months and countries so too, and gazettes have words of their own for them.
      !(isForeign && isEnglishWord(item.word));
    if (!isName && (isFillerWord(item.word) || PUBLICATION_WORDS.has(item.word))) continue;
    if (isName) {
      const follows =
        lastName !== undefined && /^[ -]$/.test(question.slice(lastName.end, item.start));
      if (!follows) entity++;
      lastName = item;
    }
    const known = words.get(item.word);
    words.set(item.word, {
      word: item.word,
      isName: isName || (known?.isName ?? false),
      entity: known?.entity ?? (isName ? entity : undefined),
      isAbbreviation: isName && /^\p{Lu}{2,4}$/u.test(item.original),
    });
    if (words.size === MAX_WORDS) break;
  }
  return [...words.values()];
}

/** Vocabulary within one edit of the stems (two for long ones), of the closest distance only. */
async function nearestLexemes(
  word: string,
  stems: readonly Lexeme[],
  index: IndexView,
): Promise<readonly (Lexeme & { passageCount: number })[]> {
  if (!/^[a-z]{6,24}$/.test(word)) return [];
  const near = (await index.nearLexemes(stems)).flat();
  const rated = near
    .map((item) => ({ ...item, distance: editDistance(item.stem, item.lexeme) }))
    .filter((item) => item.distance <= (item.stem.length >= 8 ? 2 : 1));
  const closest = Math.min(...rated.map((item) => item.distance));
  return rated.filter((item) => item.distance === closest).slice(0, 4);
}

/** Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours (Damerau 1964). */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      if (isSwap) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
