import type { EditionId, TenantId } from "../../core/ids.ts";
import type { EditionTexts, Stemmer } from "../../core/subscriptions.ts";
import { type EditionIndex, indexEdition } from "./edition-index.ts";

/** Words of editions in memory at once, over all that are kept: about 24 bytes each. */
const KEPT_WORDS = 4_000_000;

/** Reads and indexes editions; the last few are kept, since many topics are compared with the same. */
export function createEditionOpener({
  texts,
  stemmer,
}: {
  readonly texts: Pick<EditionTexts, "read" | "revisionOf">;
  readonly stemmer: Stemmer;
}): (tenantId: TenantId, editionId: EditionId) => Promise<EditionIndex | undefined> {
  /** Least lately used first. A tenant's own editions are nobody else's. */
  const kept = new Map<string, EditionIndex>();

  return async (tenantId, editionId) => {
    const key = `${tenantId} ${editionId} ${await texts.revisionOf(tenantId, editionId)}`;
    const known = kept.get(key);
    kept.delete(key);
    const index = known ?? (await open(tenantId, editionId));
    if (index === undefined) return undefined;
    kept.set(key, index);
    let words = 0;
    for (const { words: row } of kept.values()) words += row.length;
    for (const [oldest, { words: row }] of kept) {
      if (words <= KEPT_WORDS || kept.size === 1) break;
      kept.delete(oldest);
      words -= row.length;
    }
    return index;
  };

  async function open(tenantId: TenantId, editionId: EditionId) {
    const text = await texts.read(tenantId, editionId);
    return text && indexEdition(text, stemmer);
  }
}
