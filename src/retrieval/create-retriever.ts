import type { RetrievedPassage, Retriever } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import type { Passage } from "../core/gazette.ts";
import type { PassageId } from "../core/ids.ts";
import type { Embedder } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import { asTenantIfNeeded } from "../store/as-tenant-if-needed.ts";
import type { Database } from "../store/database.ts";
import { readKnowledgeScope } from "../store/documents/knowledge-scope.ts";
import { findNearPassages } from "../store/embedding-search.ts";
import { analyzeQuestion } from "./analyze-question.ts";
import { createByteBoundedCache } from "./byte-bounded-cache.ts";
import { diversify } from "./diversify.ts";
import { checkVector } from "./embed-missing.ts";
import { fuseLegs } from "./fuse-legs.ts";
import { judgeAnswerable } from "./judge-answerable.ts";
import { createKnownCorpora } from "./known-corpora.ts";
import { addNeighbours } from "./neighbours.ts";
import { openIndex } from "./read-index.ts";
import { resolveFilter } from "./resolve-filter.ts";
import type { ScoredPassage } from "./score-passages.ts";
import { searchByWords } from "./search-by-words.ts";

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
/** Passages of the vector leg that take part. */
const VECTOR_DEPTH = 50;
/** A telephone, a salary, an article by its number stand in one of so many that score so well, or are not there. */
const READ_TO_JUDGE = 3;
const READ_SHARE = 0.75;
/** A citizen waits: an embedder that takes longer is left out of this answer. */
const EMBED_TIMEOUT_MS = 3_000;

/**
 * Question → passages, by words and, when an embedder is there, by meaning. At most one transaction per
 * question, and none when all that it needs was read before: what is read of the index stays in memory
 * until the index changes, which this process knows at once of its own ingests and within a second of
 * others'. An embedder that fails costs its leg, not the answer.
 */
export function createRetriever(options: {
  readonly database: Database;
  readonly embedder?: Embedder;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bound of what is kept of index and passages in this process. Default 64 MiB. */
  readonly cacheBytes?: number;
}): Retriever {
  const { database, embedder, clock, logger } = options;
  const cache = createByteBoundedCache(options.cacheBytes ?? DEFAULT_CACHE_BYTES);
  const corporaOf = createKnownCorpora(database, clock);
  return {
    async retrieve(tenantId, query, signal) {
      signal.throwIfAborted();
      const startedAt = clock.now().getTime();
      const vector = embedder && (await embedQuestion(embedder, query.question, logger, signal));
      signal.throwIfAborted();
      return asTenantIfNeeded(database, tenantId, async (tx) => {
        const index = openIndex(tx, await corporaOf(tx, tenantId), cache);
        const sets = query.knowledgeSets ?? [];
        const scope = sets.length === 0 ? undefined : await readKnowledgeScope(tx, sets);
        const { editionIds, outcome } = await index.keep(
          "filter",
          JSON.stringify([
            query.dates?.from,
            query.dates?.to,
            query.sources,
            scope && [tenantId, scope.stamp],
          ]),
          () => resolveFilter(tx, query, scope),
          (filter) => 60 * (filter.editionIds?.size ?? 0),
        );
        const terms = await analyzeQuestion(query.question, query.language, index);
        const lexical = await searchByWords(terms, editionIds, index);
        const near =
          embedder === undefined || vector === undefined
            ? []
            : await findNearPassages(tx, embedder, vector, {
                limit: VECTOR_DEPTH,
                ...(editionIds === undefined ? {} : { editionIds: [...editionIds] }),
              });
        const ranked = near.length === 0 ? lexical : await fuseLegs(lexical, near, index);
        // Fused scores are of another size than IDFs, so that only pages are spread then.
        const idfs = near.length === 0 ? terms.map((term) => term.idf * term.weight) : [];
        const best = addNeighbours(diversify(ranked, idfs, query.limit), query.limit);
        const passages = await index.passages(best.map((item) => item.passageId));
        const passageTotal = index.corpora.reduce((sum, corpus) => sum + corpus.passageCount, 0);
        const leading = best.filter(({ score }) => score >= READ_SHARE * (best[0]?.score ?? 0));
        const read = leading.slice(0, READ_TO_JUDGE).flatMap((item) => {
          const passage = passages.get(item.passageId);
          return passage === undefined ? [] : [`${passage.heading}\n${passage.text}`];
        });
        const verdict = judgeAnswerable({
          question: query.question,
          terms,
          best: lexical[0],
          chosen: best,
          texts: read,
          isOtherEdition: outcome === "dates-dropped" || outcome === "other-year",
          passageTotal,
        });
        const ranks = rankOf(lexical, near);
        logger.debug("passages-retrieved", {
          count: best.length,
          filter: outcome,
          confidence: verdict.confidence,
          ms: clock.now().getTime() - startedAt,
        });
        return {
          passages: best.flatMap((item) => toRetrieved(item, passages, ranks)),
          isAnswerable: verdict.isAnswerable,
          confidence: verdict.confidence,
          evidence: {
            ...verdict.evidence,
            filter: outcome,
            vectorLeg: near.length > 0,
          },
        };
      });
    },
  };
}

async function embedQuestion(
  embedder: Embedder,
  question: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(EMBED_TIMEOUT_MS)]);
  try {
    const [vector] = await embedder.embed([question], limited);
    return checkVector(vector, embedder);
  } catch (error) {
    signal.throwIfAborted();
    logger.warn("question-not-embedded", { embedder: embedder.id, error });
    return undefined;
  }
}

type RanksOf = (passageId: PassageId) => RetrievedPassage["ranks"];

function rankOf(
  lexical: readonly { readonly passageId: PassageId }[],
  near: readonly { readonly passageId: PassageId }[],
): RanksOf {
  return (passageId) => {
    const inLexical = lexical.findIndex((item) => item.passageId === passageId) + 1;
    const inVector = near.findIndex((item) => item.passageId === passageId) + 1;
    return {
      ...(inLexical === 0 ? {} : { lexical: inLexical }),
      ...(inVector === 0 ? {} : { vector: inVector }),
    };
  };
}

function toRetrieved(
  item: ScoredPassage,
  passages: ReadonlyMap<PassageId, Passage>,
  ranks: RanksOf,
): RetrievedPassage[] {
  const passage = passages.get(item.passageId);
  if (passage === undefined) return [];
  const { source, sourceName, editionNumber, documentName, date, document } = item.edition;
  return [
    {
      passage,
      source,
      sourceName,
      editionNumber,
      documentName,
      date,
      ...(document === undefined ? {} : { document }),
      score: item.score,
      ranks: ranks(item.passageId),
    },
  ];
}
