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
  /** The score without the words that only name the gazette: what the passage says of the rest. */
  readonly contentScore: number;
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

/** Passages that take part: rarer words choose first, common ones only add to those chosen. */
const MAX_CANDIDATES = 1_500;
/** Best ones that are told apart word by word. */
const DETAILED = 100;

/** Occurrences by index of the terms. */
type Tally = Float64Array;

interface Candidate {
  readonly edition: IndexedEdition;
  readonly ordinal: number;
  readonly score: number;
  readonly contentScore: number;
  readonly tally: Tally;
  readonly pageTally: Tally;
  readonly isContext: readonly boolean[];
}

/**
 * BM25 of passages and of the pages they stand on, scaled by the share of the question's IDF that the
 * page covers. A page gathers what its passages say, which ranks better than passages alone when an act
 * or a table is cut in several. At most 100, best first.
 */
export function scorePassages(
  terms: readonly TermPostings[],
  editions: ReadonlyMap<EditionId, IndexedEdition>,
  corpora: readonly CorpusStatistic[],
  weights: Weights = WEIGHTS,
): readonly ScoredPassage[] {
  const totals = sumCorpora(corpora);
  const idfs = terms.map(
    ({ term }) => term.idf * term.weight * (term.isName ? weights.nameBoost : 1),
  );
  const candidates: Candidate[] = [];
  for (const [editionId, tallies] of tallyByEdition(terms, weights.headingWeight)) {
    const edition = editions.get(editionId);
    if (edition === undefined) continue;
    scoreEdition(edition, tallies, { terms, idfs, totals, weights }, candidates);
  }
  return bestOf(candidates, DETAILED)
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal)
    .slice(0, DETAILED)
    .map(({ edition, ordinal, score, contentScore, tally, pageTally, isContext }) => ({
      passageId: edition.passageIds[ordinal] as PassageId,
      edition,
      ordinal,
      page: edition.pages[ordinal] ?? 0,
      score,
      contentScore,
      inPassage: idfs.map((_, at) => (tally[at] ?? 0) > 0),
      onPage: idfs.map((_, at) => (pageTally[at] ?? 0) > 0),
      isContext,
    }));
}

/** Those that reach the score of the `count`-th: numbers sort several times faster than objects do. */
function bestOf(candidates: readonly Candidate[], count: number): Candidate[] {
  if (candidates.length <= count) return [...candidates];
  const scores = Float64Array.from(candidates, (candidate) => candidate.score).sort();
  const least = scores[scores.length - count] ?? 0;
  return candidates.filter((candidate) => candidate.score >= least);
}

function scoreEdition(
  edition: IndexedEdition,
  tallies: ReadonlyMap<number, Tally>,
  query: {
    readonly terms: readonly TermPostings[];
    readonly idfs: readonly number[];
    readonly totals: ReturnType<typeof sumCorpora>;
    readonly weights: Weights;
  },
  into: Candidate[],
): void {
  const { idfs, totals, weights } = query;
  const { k1, passageB, pageB, pageShare } = weights;
  const idfTotal = idfs.reduce((sum, idf) => sum + idf, 0) || 1;
  const named = contextWords(edition);
  const isContext = query.terms.map(({ term }) => named.has(term.word));
  const contentTotal = idfs.reduce((sum, idf, at) => sum + (isContext[at] ? 0 : idf), 0) || 1;
  const pages = tallyPages(edition, tallies, idfs.length);
  const pageWords = wordsOfPages(edition);
  for (const [ordinal, tally] of tallies) {
    const page = edition.pages[ordinal] ?? 0;
    const pageTally = pages.get(page);
    if (pageTally === undefined) continue;
    const passageLength = (edition.wordCounts[ordinal] ?? 0) / totals.wordsPerPassage;
    const pageLength = (pageWords.get(page) ?? 0) / totals.wordsPerPage;
    let [contextSum, contentSum, contextCovered, contentCovered] = [0, 0, 0, 0];
    for (let at = 0; at < idfs.length; at++) {
      const least = isContext[at] ? 1 : 0;
      const onPage = Math.max(pageTally[at] ?? 0, least);
      if (onPage === 0) continue;
      const idf = idfs[at] ?? 0;
      const inPassage = Math.max(tally[at] ?? 0, least);
      const gain =
        idf *
        ((1 - pageShare) * saturate(inPassage, passageLength, k1, passageB) +
          pageShare * saturate(onPage, pageLength, k1, pageB));
      if (isContext[at]) {
        contextSum += gain;
        contextCovered += idf;
      } else {
        contentSum += gain;
        contentCovered += idf;
      }
    }
    const coverage = (contextCovered + contentCovered) / idfTotal;
    into.push({
      edition,
      ordinal,
      score: (contextSum + contentSum) * coverage ** weights.coverage,
      contentScore: contentSum * (contentCovered / contentTotal) ** weights.coverage,
      tally,
      pageTally,
      isContext,
    });
  }
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
  const rarestFirst = [...terms.keys()].sort(
    (a, b) => (terms[a]?.term.passageCount ?? 0) - (terms[b]?.term.passageCount ?? 0),
  );
  let candidateCount = 0;
  for (const at of rarestFirst) {
    const isOpen = candidateCount < MAX_CANDIDATES;
    for (const posting of terms[at]?.postings ?? []) {
      let tallies = byEdition.get(posting.editionId);
      if (tallies === undefined) {
        if (!isOpen) continue;
        tallies = new Map();
        byEdition.set(posting.editionId, tallies);
      }
      const { ordinals, textCounts, headingCounts } = posting;
      for (let index = 0; index < ordinals.length; index++) {
        const ordinal = ordinals[index] ?? 0;
        let tally = tallies.get(ordinal);
        if (tally === undefined) {
          if (!isOpen) continue;
          tally = new Float64Array(terms.length);
          tallies.set(ordinal, tally);
          candidateCount++;
        }
        tally[at] =
          (tally[at] ?? 0) + (textCounts[index] ?? 0) + headingWeight * (headingCounts[index] ?? 0);
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
      sum = new Float64Array(termCount);
      pages.set(page, sum);
    }
    for (let at = 0; at < termCount; at++) sum[at] = (sum[at] ?? 0) + (tally[at] ?? 0);
  }
  return pages;
}

/** By page; kept as long as the edition itself is. */
const WORDS_OF_PAGES = new WeakMap<IndexedEdition, ReadonlyMap<number, number>>();

function wordsOfPages(edition: IndexedEdition): ReadonlyMap<number, number> {
  const known = WORDS_OF_PAGES.get(edition);
  if (known !== undefined) return known;
  const words = new Map<number, number>();
  for (const [ordinal, page] of edition.pages.entries()) {
    words.set(page, (words.get(page) ?? 0) + (edition.wordCounts[ordinal] ?? 0));
  }
  WORDS_OF_PAGES.set(edition, words);
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
