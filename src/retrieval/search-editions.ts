import type { Passage } from "../core/gazette.ts";
import type { EditionSearch, FoundAct, Stretch } from "../core/gazette-archive.ts";
import type { EditionId, PassageId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Database, Transaction } from "../store/database.ts";
import {
  type IndexedEdition,
  type Posting,
  readIndexedEditions,
  readPassages,
  readPostings,
  readWordStems,
} from "../store/passage-search.ts";
import { selectQuote } from "./select-quote.ts";
import { foldWords } from "./words.ts";

/** Whoever pastes more looks for something else than words. */
const MAX_WORDS = 12;
const QUOTE_LENGTH = 320;
/** BM25, Robertson & Zaragoza 2009: usual values. */
const K1 = 1.2;
const B = 0.75;
/** A word in the heading of an act says more of it than one in its text. */
const HEADING_WEIGHT = 2;
/** Forms of one word share so many letters; what does not need not be stemmed. */
const SHARED_LETTERS = 3;

/** `EditionSearch` over the index that retrieval reads: one transaction, no model, no memory of its own. */
export function createEditionSearch(database: Database): EditionSearch {
  return {
    search: (tenantId, wanted) =>
      database.asTenant(tenantId, async (tx) => {
        const { language, editionIds, offset, limit } = wanted;
        const words = distinctWords(wanted.text).slice(0, MAX_WORDS);
        const stems = await readWordStems(tx, words, [language]);
        const lexemes = [...new Set(stems.map((stem) => stem.lexeme))];
        const ranked = await rankActs(tx, lexemes, language, editionIds);
        const most = Math.max(0, ...ranked.map(({ matched }) => matched));
        const best = ranked.filter(({ matched }) => matched === most);
        const shown = best.slice(offset, offset + limit);
        return {
          total: best.length,
          acts: await quote(tx, shown, { words, lexemes: new Set(lexemes), language }),
          isPartial: best.length > 0 && most < lexemes.length,
        };
      }),
  };
}

function distinctWords(text: string): string[] {
  return [...new Set(foldWords(text).map(({ word }) => word))];
}

/** An act that has some of the words, by the passage of it that has most. */
interface RankedAct {
  readonly passageId: PassageId;
  /** How many of the words the act has. */
  readonly matched: number;
  /** Of the passage. */
  readonly score: number;
}

/** Best first. */
async function rankActs(
  tx: Transaction,
  lexemes: readonly string[],
  language: Language,
  editionIds: readonly EditionId[],
): Promise<readonly RankedAct[]> {
  if (lexemes.length === 0 || editionIds.length === 0) return [];
  const postings = await readPostings(
    tx,
    lexemes.map((lexeme) => ({ lexeme, language })),
    { editionLimit: editionIds.length, editionIds },
  );
  const held = [...new Set(postings.map(({ editionId }) => editionId))];
  const editions = await readIndexedEditions(tx, held);
  return [...scoreActs(postings, editions).values()].map(toRanked).sort(compare);
}

function compare(one: RankedAct, other: RankedAct): number {
  return (
    other.matched - one.matched ||
    other.score - one.score ||
    Number(one.passageId) - Number(other.passageId)
  );
}

interface ScoredAct {
  readonly lexemes: Set<string>;
  readonly scores: Map<PassageId, number>;
}

function scoreActs(
  postings: readonly Posting[],
  editions: readonly IndexedEdition[],
): ReadonlyMap<string, ScoredAct> {
  const byId = new Map(editions.map((edition) => [edition.editionId, edition]));
  const lengths = editions.flatMap((edition) => edition.wordCounts);
  const averageLength = averageOf(lengths);
  const holders = new Map<string, number>();
  for (const { lexeme, ordinals } of postings) {
    holders.set(lexeme, (holders.get(lexeme) ?? 0) + ordinals.length);
  }
  const acts = new Map<string, ScoredAct>();
  for (const { lexeme, editionId, ordinals, textCounts, headingCounts } of postings) {
    const edition = byId.get(editionId);
    const rarity = Math.log(1 + lengths.length / (holders.get(lexeme) ?? 1));
    ordinals.forEach((ordinal, at) => {
      const passageId = edition?.passageIds[ordinal];
      if (edition === undefined || passageId === undefined) return;
      const key = `${editionId} ${edition.actPositions[ordinal]}`;
      const act: ScoredAct = acts.get(key) ?? { lexemes: new Set(), scores: new Map() };
      acts.set(key, act);
      const count = (textCounts[at] ?? 0) + HEADING_WEIGHT * (headingCounts[at] ?? 0);
      const length = (edition.wordCounts[ordinal] ?? 0) / averageLength;
      const score = (rarity * count * (K1 + 1)) / (count + K1 * (1 - B + B * length));
      act.lexemes.add(lexeme);
      act.scores.set(passageId, (act.scores.get(passageId) ?? 0) + score);
    });
  }
  return acts;
}

function toRanked({ lexemes, scores }: ScoredAct): RankedAct {
  const ranked = [...scores].map(([passageId, score]) => ({
    passageId,
    matched: lexemes.size,
    score,
  }));
  // An act is there because a passage of it was scored.
  return ranked.reduce((best, one) => (compare(one, best) < 0 ? one : best));
}

function averageOf(numbers: readonly number[]): number {
  const sum = numbers.reduce((one, other) => one + other, 0);
  return Math.max(1, sum / Math.max(1, numbers.length));
}

interface Sought {
  readonly words: readonly string[];
  readonly lexemes: ReadonlySet<string>;
  readonly language: Language;
}

async function quote(
  tx: Transaction,
  ranked: readonly RankedAct[],
  sought: Sought,
): Promise<readonly FoundAct[]> {
  const read = await readPassages(
    tx,
    ranked.map(({ passageId }) => passageId),
  );
  const passages = new Map(read.map((passage) => [passage.passageId, passage]));
  const quoted = ranked.flatMap(({ passageId }) => {
    const passage = passages.get(passageId);
    if (passage === undefined) return [];
    return [{ passage, quote: selectQuote(sought.words.join(" "), passage.text, QUOTE_LENGTH) }];
  });
  const fitting = await findFittingWords(tx, quoted, sought);
  return quoted.map((one) => ({ ...one, marks: marksIn(one.quote, fitting) }));
}

/** The forms among the quoted words that have one of the stems. */
async function findFittingWords(
  tx: Transaction,
  quoted: readonly { readonly passage: Passage; readonly quote: string }[],
  { words, lexemes, language }: Sought,
): Promise<ReadonlySet<string>> {
  const begins = new Set(words.map((word) => word.slice(0, SHARED_LETTERS)));
  const candidates = distinctWords(quoted.map((one) => one.quote).join(" ")).filter((word) =>
    begins.has(word.slice(0, SHARED_LETTERS)),
  );
  const stems = await readWordStems(tx, candidates, [language]);
  return new Set(stems.filter(({ lexeme }) => lexemes.has(lexeme)).map(({ word }) => word));
}

function marksIn(text: string, fitting: ReadonlySet<string>): readonly Stretch[] {
  const marks: Stretch[] = [];
  for (const { word, start, end } of foldWords(text)) {
    if (!fitting.has(word) || marks.at(-1)?.start === start) continue;
    marks.push({ start, end });
  }
  return marks;
}
