import type { ApprovedTexts } from "../../core/prompts.ts";
import type {
  PublishedDigest,
  PublishedDigests,
  PublishingStore,
  ShownPublication,
} from "../../core/publishing.ts";

/** What tenants publish on the public pages of editions, read as the tenants that it is of. */
export function createPublishedDigests(ports: {
  readonly store: Pick<PublishingStore, "listOnEdition" | "listOnSource">;
  readonly texts: Pick<ApprovedTexts, "find">;
}): PublishedDigests {
  const { store, texts } = ports;

  async function read(places: readonly ShownPublication[]): Promise<readonly PublishedDigest[]> {
    const found: PublishedDigest[] = [];
    // One after the other: the embedded database has one session.
    for (const { tenantId, institution, runId, at } of places) {
      const text = await texts.find(tenantId, runId);
      if (text !== undefined) found.push({ institution, text, publishedAt: at });
    }
    return found;
  }

  return {
    onEdition: async (sourceSlug, date) => read(await store.listOnEdition(sourceSlug, date)),
    onSource: async (sourceSlug, limit) => read(await store.listOnSource(sourceSlug, limit)),
  };
}
