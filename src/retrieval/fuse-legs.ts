import type { PassageId } from "../core/ids.ts";
import type { NearPassage } from "../store/embedding-search.ts";
import type { IndexedEdition } from "../store/passage-search.ts";
import { fuse } from "./fuse.ts";
import type { IndexView } from "./read-index.ts";
import type { ScoredPassage } from "./score-passages.ts";

/** Passages of the lexical leg that take part. */
const LEXICAL_DEPTH = 100;
/** The vector leg counts for less: measured, an even share of a weaker leg costs more than it brings. */
const VECTOR_WEIGHT = 0.6;

/** Both legs in one list, best first, with the fused score; what only the vector leg found covers no word. */
export async function fuseLegs(
  lexical: readonly ScoredPassage[],
  near: readonly NearPassage[],
  index: IndexView,
): Promise<readonly ScoredPassage[]> {
  const byWords = new Map(lexical.slice(0, LEXICAL_DEPTH).map((item) => [item.passageId, item]));
  const nearEditions = await index.editions([...new Set(near.map((item) => item.editionId))]);
  const byMeaning = new Map<PassageId, ScoredPassage>();
  for (const { passageId, editionId } of near) {
    const edition = nearEditions.get(editionId);
    const found = edition === undefined ? undefined : locate(passageId, edition);
    if (found !== undefined) byMeaning.set(passageId, found);
  }
  const fused = fuse([
    { keys: [...byWords.keys()], weight: 1 },
    { keys: [...byMeaning.keys()], weight: VECTOR_WEIGHT },
  ]);
  return fused.flatMap(({ key, score }) => {
    const item = byWords.get(key) ?? byMeaning.get(key);
    return item === undefined ? [] : [{ ...item, score }];
  });
}

function locate(passageId: PassageId, edition: IndexedEdition): ScoredPassage | undefined {
  const ordinal = edition.passageIds.indexOf(passageId);
  if (ordinal < 0) return undefined;
  const page = edition.pages[ordinal] ?? 0;
  const uncovered = { inPassage: [], onPage: [], isContext: [] };
  return { passageId, edition, ordinal, page, score: 0, contentScore: 0, ...uncovered };
}
