import type { DocumentFiles, DocumentStore } from "../core/documents.ts";
import type { DocumentId, TenantId } from "../core/ids.ts";

/** The second half of a removal; may be done again from any point. */
export async function removeFiles(
  { store, files }: { readonly store: DocumentStore; readonly files: DocumentFiles },
  tenantId: TenantId,
  id: DocumentId,
): Promise<void> {
  for (const key of await store.listFiles(tenantId, id)) await files.remove(key);
  await store.finishRemoval(tenantId, id);
}
