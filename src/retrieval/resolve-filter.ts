import type { RetrievalQuery } from "../core/answer.ts";
import type { EditionId } from "../core/ids.ts";
import type { Transaction } from "../store/database.ts";
import { findDocumentEditions, type KnowledgeScope } from "../store/documents/knowledge-scope.ts";
import { findEditionsOfOtherYear, findIndexedEditions } from "../store/passage-search.ts";

/** What became of the dates and sources asked for; told in the passport. */
export type FilterOutcome = "none" | "applied" | "other-year" | "dates-dropped" | "dropped";

export interface ResolvedFilter {
  /** Undefined: every edition. */
  readonly editionIds: ReadonlySet<EditionId> | undefined;
  readonly outcome: FilterOutcome;
}

/** The newest so many editions of a filter are searched: a year of a daily gazette with its supplements. */
const MAX_EDITIONS = 2_000;
/** Of a scope that is all there is to search: thirty years of one. */
const MAX_SCOPE = 10_000;

type Filter = Pick<RetrievalQuery, "dates" | "sources">;

/**
 * The editions that the query's dates and sources leave. A filter that leaves none is loosened step by
 * step, and the outcome says how: the same day of another year, then the sources alone, then nothing. The tenant's own
 * documents have no date of publication and are no gazette: they stay, unless a gazette is named. A scope is never
 * loosened.
 */
export async function resolveFilter(
  tx: Transaction,
  query: Filter,
  scope: KnowledgeScope | undefined,
): Promise<ResolvedFilter> {
  const found = await resolveGazettes(tx, query, scope);
  if (found.editionIds === undefined && scope === undefined) return found;
  const isAsked = found.editionIds !== undefined && (query.sources ?? []).length > 0;
  const gazettes = found.editionIds ?? (await allWithin(tx, scope));
  const documents = isAsked ? [] : await findDocumentEditions(tx, scope);
  return { editionIds: new Set([...gazettes, ...documents]), outcome: found.outcome };
}

async function resolveGazettes(
  tx: Transaction,
  query: Filter,
  scope: KnowledgeScope | undefined,
): Promise<ResolvedFilter> {
  const sources = query.sources ?? [];
  const { from, to } = query.dates ?? {};
  const isDated = from !== undefined || to !== undefined;
  const within = withinOf(scope);
  if (sources.length === 0 && !isDated) return { editionIds: undefined, outcome: "none" };
  const exact = await findIndexedEditions(tx, { sources, from, to, limit: MAX_EDITIONS, within });
  if (exact.length > 0) return { editionIds: new Set(exact), outcome: "applied" };
  if (from !== undefined && from === to) {
    const sameDay = await findEditionsOfOtherYear(tx, sources, from.slice(5), within);
    if (sameDay.length > 0) return { editionIds: new Set(sameDay), outcome: "other-year" };
  }
  if (sources.length > 0 && isDated) {
    const undated = { sources, from: undefined, to: undefined, limit: MAX_EDITIONS, within };
    const ofSource = await findIndexedEditions(tx, undated);
    if (ofSource.length > 0) return { editionIds: new Set(ofSource), outcome: "dates-dropped" };
  }
  return { editionIds: undefined, outcome: "dropped" };
}

async function allWithin(
  tx: Transaction,
  scope: KnowledgeScope | undefined,
): Promise<readonly EditionId[]> {
  const within = withinOf(scope);
  if (within?.length === 0) return [];
  const undated = { sources: [], from: undefined, to: undefined, limit: MAX_SCOPE, within };
  return findIndexedEditions(tx, undated);
}

function withinOf(scope: KnowledgeScope | undefined): readonly string[] | undefined {
  return scope === undefined || scope.allGazettes ? undefined : scope.gazettes;
}
