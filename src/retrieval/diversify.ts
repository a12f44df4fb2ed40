import type { ScoredPassage } from "./score-passages.ts";

/** Beyond this rank nothing is moved up. */
const DEPTH = 60;
/** What a further passage of a page already chosen is worth: the reader has that page. */
const SAME_PAGE = 0.6;
/** Share of the IDF of words that no chosen passage has yet, added: a question of two parts needs both. */
const UNCOVERED_SHARE = 0.6;

/**
 * Picks passages one by one, best first: the score, less for a page already there, more for deciding
 * words that are still uncovered. The first is always the best scored.
 */
export function diversify(
  scored: readonly ScoredPassage[],
  idfs: readonly number[],
  limit: number,
): readonly ScoredPassage[] {
  const rest = scored.slice(0, DEPTH).map((item) => ({ item, pageKey: pageKey(item) }));
  const chosen: ScoredPassage[] = [];
  const pageUses = new Map<string, number>();
  let uncovered = [...idfs.entries()];
  while (chosen.length < limit && rest.length > 0) {
    let bestAt = 0;
    let bestGain = -1;
    for (let at = 0; at < rest.length; at++) {
      const candidate = rest[at];
      if (candidate === undefined) continue;
      const { item } = candidate;
      let fresh = 0;
      for (const [term, idf] of uncovered) if (item.inPassage[term]) fresh += idf;
      const gain =
        item.score * SAME_PAGE ** (pageUses.get(candidate.pageKey) ?? 0) +
        (chosen.length === 0 ? 0 : UNCOVERED_SHARE * fresh);
      if (gain > bestGain) {
        bestGain = gain;
        bestAt = at;
      }
    }
    const [best] = rest.splice(bestAt, 1);
    if (best === undefined) break;
    chosen.push(best.item);
    pageUses.set(best.pageKey, (pageUses.get(best.pageKey) ?? 0) + 1);
    uncovered = uncovered.filter(([term]) => !best.item.inPassage[term]);
  }
  return chosen;
}

function pageKey(item: ScoredPassage): string {
  return `${item.edition.editionId} ${item.page}`;
}
