/** Cormack, Clarke & Büttcher 2009. */
const K = 60;

/**
 * Weighted reciprocal rank fusion: an item scores the sum over the lists of weight / (k + rank). Best
 * first; items that tie keep the order of the first list.
 */
export function fuse<Key>(
  lists: readonly { readonly keys: readonly Key[]; readonly weight: number }[],
): readonly { readonly key: Key; readonly score: number }[] {
  const scores = new Map<Key, number>();
  for (const { keys, weight } of lists) {
    for (const [at, key] of keys.entries()) {
      scores.set(key, (scores.get(key) ?? 0) + weight / (K + at + 1));
    }
  }
  return [...scores].map(([key, score]) => ({ key, score })).sort((a, b) => b.score - a.score);
}
