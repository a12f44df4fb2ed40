import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";

/** Enough to tell the words of one tenant apart, and a third of the index. */
const BYTES = 12;

/** Under the tenant's own key: the same word of two tenants has nothing in common. Distinct, in the words' order. */
export function hashWords(
  cipher: Cipher,
  tenantId: TenantId,
  words: readonly string[],
): readonly Buffer[] {
  return [...new Set(words)].map((word) =>
    cipher.hash(`search ${tenantId}`, word).subarray(0, BYTES),
  );
}
