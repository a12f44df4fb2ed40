import type { RetrievalQuery } from "../core/answer.ts";
import type { EditionId } from "../core/ids.ts";
import type { Transaction } from "../store/database.ts";
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

/**
 * The editions that the query's dates and sources leave. A filter that leaves none is loosened step by
 * step, and the outcome says how: the same day of another year, then the sources alone, then nothing.
 */
export async function resolveFilter(
  tx: Transaction,
  query: Pick<RetrievalQuery, "dates" | "sources">,
): Promise<ResolvedFilter> {
  const sources = query.sources ?? [];
  const { from, to } = query.dates ?? {};
  const isDated = from !== undefined || to !== undefined;
  if (sources.length === 0 && !isDated) return { editionIds: undefined, outcome: "none" };
  const exact = await findIndexedEditions(tx, { sources, from, to, limit: MAX_EDITIONS });
  if (exact.length > 0) return { editionIds: new Set(exact), outcome: "applied" };
  if (from !== undefined && from === to) {
    const sameDay = await findEditionsOfOtherYear(tx, sources, from.slice(5));
    if (sameDay.length > 0) return { editionIds: new Set(sameDay), outcome: "other-year" };
  }
  if (sources.length > 0 && isDated) {
    const undated = { sources, from: undefined, to: undefined, limit: MAX_EDITIONS };
    const ofSource = await findIndexedEditions(tx, undated);
    if (ofSource.length > 0) return { editionIds: new Set(ofSource), outcome: "dates-dropped" };
  }
  return { editionIds: undefined, outcome: "dropped" };
}
