import type { PassageId } from "../core/ids.ts";
import type { ScoredPassage } from "./score-passages.ts";

/** Places at the end that neighbours may take, when at least this many better ones stay before them. */
const PLACES = 2;
const KEPT = 5;

/**
 * Adds what stands just after and before the best passage in the same act: an answer often runs on
 * there. They come last, with a score of 0, in place of the weakest.
 */
export function addNeighbours(
  best: readonly ScoredPassage[],
  limit: number,
): readonly ScoredPassage[] {
  const first = best[0];
  if (first === undefined) return best;
  const places = Math.min(PLACES, limit - KEPT);
  if (places <= 0) return best;
  const { edition, ordinal } = first;
  const kept = best.slice(0, limit - places);
  const held = new Set(kept.map((item) => item.passageId));
  const neighbours = [ordinal + 1, ordinal - 1].flatMap((at): ScoredPassage[] => {
    const passageId: PassageId | undefined = edition.passageIds[at];
    const isSameAct = edition.actPositions[at] === edition.actPositions[ordinal];
    if (passageId === undefined || !isSameAct || held.has(passageId)) return [];
    return [{ ...first, passageId, ordinal: at, page: edition.pages[at] ?? first.page, score: 0 }];
  });
  const added = new Set(neighbours.map((item) => item.passageId));
  const others = best.slice(limit - places).filter((item) => !added.has(item.passageId));
  return [...kept, ...others.slice(0, places - neighbours.length), ...neighbours];
}
