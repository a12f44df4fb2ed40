import type { EditionId, PassageId } from "../core/ids.ts";
import type { CorpusStatistic, IndexedEdition, Posting } from "../store/passage-search.ts";
import type { Term } from "./analyze-question.ts";
import { contextWords } from "./question-sources.ts";

/** Where one term occurs. */
export interface TermPostings {
  readonly term: Term;
  readonly postings: readonly Posting[];
}

export interface ScoredPassage {
  readonly passageId: PassageId;
  readonly edition: IndexedEdition;
  readonly ordinal: number;
  readonly page: number;
  readonly score: number;
  /** By index of the terms: occurs in the passage's text or heading; on its page; names its gazette. */
  readonly inPassage: readonly boolean[];
  readonly onPage: readonly boolean[];
  readonly isContext: readonly boolean[];
}

/** k1 and b: Robertson & Zaragoza 2009, § 3.5, the usual defaults. The other weights: tuned, see eval/README.md. */
export interface Weights {
  readonly k1: number;
  readonly passageB: number;
  readonly pageB: number;
  /** Share of the page's evidence; the passage's is the rest. */
  readonly pageShare: number;
  /** An occurrence in the heading counts as this many in the text. */
  readonly headingWeight: number;
  /** Exponent of the share of the question's IDF that the page covers. */
  readonly coverage: number;
  readonly nameBoost: number;
}

export const WEIGHTS: Weights = {
  k1: 1.2,
  passageB: 0.75,
  pageB: 0.75,
  pageShare: 0.3,
  headingWeight: 1,
  coverage: 1,
  nameBoost: 1,
};

interface Tally {
  readonly counts: Float64Array;
}

/**
 * BM25 of passages and of the pages they stand on, added. A page gathers what its passages say, which
 * ranks better than passages alone when an act or a table is cut in several. Best first.
 */
export function scorePassages(
  terms: readonly TermPostings[],
  editions: ReadonlyMap<EditionId, IndexedEdition>,
  corpora: readonly CorpusStatistic[],
  weights: Weights = WEIGHTS,
): readonly ScoredPassage[] {
  const totals = sumCorpora(corpora);
  const scored: ScoredPassage[] = [];
  const idfs = terms.map(
    ({ term }) => term.idf * term.weight * (term.isName ? weights.nameBoost : 1),
  );
  const idfTotal = idfs.reduce((sum, idf) => sum + idf, 0) || 1;
  for (const [editionId, tallies] of tallyByEdition(terms, weights.headingWeight)) {
    const edition = editions.get(editionId);
    if (edition === undefined) continue;
    const pages = tallyPages(edition, tallies, terms.length);
    const named = contextWords(edition);
    const isContext = terms.map(({ term }) => named.has(term.word));
    const pageWords = countPageWords(edition, pages);
    for (const [ordinal, tally] of tallies) {
      const page = edition.pages[ordinal] ?? 0;
      const pageTally = pages.get(page);
      if (pageTally === undefined) continue;
      const passageLength = (edition.wordCounts[ordinal] ?? 0) / totals.wordsPerPassage;
      const pageLength = (pageWords.get(page) ?? 0) / totals.wordsPerPage;
      let score = 0;
      let covered = 0;
      for (const [at, idf] of idfs.entries()) {
        const ofPassage = saturate(
          tally.counts[at] ?? 0,
          passageLength,
          weights.k1,
          weights.passageB,
        );
        const ofPage = saturate(
          Math.max(pageTally.counts[at] ?? 0, isContext[at] ? 1 : 0),
          pageLength,
          weights.k1,
          weights.pageB,
        );
        score += idf * ((1 - weights.pageShare) * ofPassage + weights.pageShare * ofPage);
        if (isContext[at] || (pageTally.counts[at] ?? 0) > 0) covered += idf;
      }
      score *= (covered / idfTotal) ** weights.coverage;
      scored.push({
        passageId: edition.passageIds[ordinal] as PassageId,
        edition,
        ordinal,
        page,
        score,
        inPassage: idfs.map((_, at) => (tally.counts[at] ?? 0) > 0),
        onPage: idfs.map((_, at) => (pageTally.counts[at] ?? 0) > 0),
        isContext,
      });
    }
  }
  return scored.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
}

/** BM25's term frequency part, 0 to k1 + 1; `length` is relative to the average. */
function saturate(count: number, length: number, k1: number, b: number): number {
  return count === 0 ? 0 : (count * (k1 + 1)) / (count + k1 * (1 - b + b * length));
}

function tallyByEdition(
  terms: readonly TermPostings[],
  headingWeight: number,
): Map<EditionId, Map<number, Tally>> {
  const byEdition = new Map<EditionId, Map<number, Tally>>();
  for (const [at, { postings }] of terms.entries()) {
    for (const posting of postings) {
      let tallies = byEdition.get(posting.editionId);
      if (tallies === undefined) {
        tallies = new Map();
        byEdition.set(posting.editionId, tallies);
      }
      for (const [index, ordinal] of posting.ordinals.entries()) {
        let tally = tallies.get(ordinal);
        if (tally === undefined) {
          tally = { counts: new Float64Array(terms.length) };
          tallies.set(ordinal, tally);
        }
        tally.counts[at] =
          (tally.counts[at] ?? 0) +
          (posting.textCounts[index] ?? 0) +
          headingWeight * (posting.headingCounts[index] ?? 0);
      }
    }
  }
  return byEdition;
}

function tallyPages(
  edition: IndexedEdition,
  tallies: ReadonlyMap<number, Tally>,
  termCount: number,
): Map<number, Tally> {
  const pages = new Map<number, Tally>();
  for (const [ordinal, tally] of tallies) {
    const page = edition.pages[ordinal] ?? 0;
    let sum = pages.get(page);
    if (sum === undefined) {
      sum = { counts: new Float64Array(termCount) };
      pages.set(page, sum);
    }
    for (let at = 0; at < termCount; at++) {
      sum.counts[at] = (sum.counts[at] ?? 0) + (tally.counts[at] ?? 0);
    }
  }
  return pages;
}

function countPageWords(
  edition: IndexedEdition,
  pages: ReadonlyMap<number, Tally>,
): Map<number, number> {
  const words = new Map<number, number>();
  for (const [ordinal, page] of edition.pages.entries()) {
    if (!pages.has(page)) continue;
    words.set(page, (words.get(page) ?? 0) + (edition.wordCounts[ordinal] ?? 0));
  }
  return words;
}

function sumCorpora(corpora: readonly CorpusStatistic[]) {
  const sum = { passages: 0, pages: 0, words: 0 };
  for (const corpus of corpora) {
    sum.passages += corpus.passageCount;
    sum.pages += corpus.pageCount;
    sum.words += corpus.wordCount;
  }
  return {
    wordsPerPassage: Math.max(1, sum.words / Math.max(1, sum.passages)),
    wordsPerPage: Math.max(1, sum.words / Math.max(1, sum.pages)),
  };
}
