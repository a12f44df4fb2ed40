import type { RetrievalQuery, RetrievedPassage, Retriever } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import type { Passage } from "../core/gazette.ts";
import type { EditionId, PassageId } from "../core/ids.ts";
import type { Embedder } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { Database, Transaction } from "../store/database.ts";
import { findIndexedEditions } from "../store/passage-search.ts";
import { analyzeQuestion, type Term } from "./analyze-question.ts";
import { createByteBoundedCache } from "./byte-bounded-cache.ts";
import { diversify } from "./diversify.ts";
import { judgeAnswerable } from "./judge-answerable.ts";
import { type IndexView, openIndex } from "./read-index.ts";
import { type ScoredPassage, scorePassages, type TermPostings } from "./score-passages.ts";

/** Postings read for one question: rarest words first, and what lies beyond only refines the order. */
const POSTING_BUDGET = 20_000;
/** Editions that a date or source filter may leave before it is applied to the postings in memory instead. */
const FILTER_EDITIONS = 400;
const DEFAULT_CACHE_BYTES = 96 * 1024 * 1024;

/**
 * Question → passages, by words and, when an embedder is there, by meaning. One transaction per
 * question; what it reads of the index stays in memory until the index changes.
 */
export function createRetriever(options: {
  readonly database: Database;
  readonly embedder?: Embedder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bound of what is kept of index and passages in this process. */
  readonly cacheBytes?: number;
}): Retriever {
  const cache = createByteBoundedCache(options.cacheBytes ?? DEFAULT_CACHE_BYTES);
  return {
    async retrieve(tenantId, query, signal) {
      signal.throwIfAborted();
      return options.database.asTenant(tenantId, async (tx) => {
        const index = await openIndex(tx, tenantId, cache);
        const filter = await resolveFilter(tx, query);
        const terms = await analyzeQuestion(query.question, index);
        const found = await searchByWords(terms, filter.editionIds, index);
        const idfs = terms.map((term) => term.idf * term.weight);
        const best = diversify(found, idfs, query.limit);
        const passageTotal = index.corpora.reduce((sum, corpus) => sum + corpus.passageCount, 0);
        const passages = await index.passages(best.map((item) => item.passageId));
        const verdict = judgeAnswerable(terms, best[0], passageTotal);
        return {
          passages: best.flatMap((item, at) => toRetrieved(item, passages, at + 1)),
          isAnswerable: verdict.isAnswerable,
          confidence: verdict.confidence,
          evidence: { ...verdict.evidence, filter: filter.outcome },
        };
      });
    },
  };
}

interface ResolvedFilter {
  /** Undefined: everything. */
  readonly editionIds: ReadonlySet<EditionId> | undefined;
  readonly outcome: "none" | "applied" | "dates-dropped" | "dropped";
}

/** A filter that leaves no edition is loosened, dates first, and the outcome says so. */
async function resolveFilter(tx: Transaction, query: RetrievalQuery): Promise<ResolvedFilter> {
  const sources = query.sources ?? [];
  const { from, to } = query.dates ?? {};
  if (sources.length === 0 && from === undefined && to === undefined) {
    return { editionIds: undefined, outcome: "none" };
  }
  const limit = FILTER_EDITIONS;
  const exact = await findIndexedEditions(tx, { sources, from, to, limit });
  if (exact.length > 0) return { editionIds: new Set(exact), outcome: "applied" };
  if (sources.length > 0 && (from !== undefined || to !== undefined)) {
    const ofSource = await findIndexedEditions(tx, {
      sources,
      from: undefined,
      to: undefined,
      limit,
    });
    if (ofSource.length > 0) return { editionIds: new Set(ofSource), outcome: "dates-dropped" };
  }
  return { editionIds: undefined, outcome: "dropped" };
}

async function searchByWords(
  terms: readonly Term[],
  editionIds: ReadonlySet<EditionId> | undefined,
  index: IndexView,
): Promise<readonly ScoredPassage[]> {
  const affordable = withinBudget(terms);
  const lists = await index.postings(affordable.flatMap((term) => term.lexemes));
  let at = 0;
  const searched = new Map<Term, TermPostings>();
  for (const term of affordable) {
    const postings = lists
      .slice(at, at + term.lexemes.length)
      .flat()
      .filter((posting) => editionIds === undefined || editionIds.has(posting.editionId));
    at += term.lexemes.length;
    searched.set(term, { term, postings });
  }
  const ids = new Set(
    [...searched.values()].flatMap((item) => item.postings.map((p) => p.editionId)),
  );
  const editions = await index.editions([...ids]);
  return scorePassages(
    terms.map((term) => searched.get(term) ?? { term, postings: [] }),
    editions,
    index.corpora,
  );
}

/** Rarest first; at least one, however common. */
function withinBudget(terms: readonly Term[]): readonly Term[] {
  const known = terms.filter((term) => term.passageCount > 0);
  const rarestFirst = [...known].sort((a, b) => a.passageCount - b.passageCount);
  let spent = 0;
  return rarestFirst.filter((term, rank) => {
    spent += term.passageCount;
    return rank === 0 || spent <= POSTING_BUDGET;
  });
}

function toRetrieved(
  item: ScoredPassage,
  passages: ReadonlyMap<PassageId, Passage>,
  rank: number,
): RetrievedPassage[] {
  const passage = passages.get(item.passageId);
  if (passage === undefined) return [];
  return [
    {
      passage,
      source: item.edition.source,
      sourceName: item.edition.sourceName,
      editionNumber: item.edition.editionNumber,
      documentName: item.edition.documentName,
      date: item.edition.date,
      score: item.score,
      ranks: { lexical: rank },
    },
  ];
}
