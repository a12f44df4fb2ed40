import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";

/** A name has fewer; of what is longer, these are found. */
const MAX_WORDS = 12;

/** Words as they are compared: without accents, in lower case. */
export function nameWords(name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return [...new Set(words)].slice(0, MAX_WORDS);
}

export function hashWords(
  cipher: Cipher,
  tenantId: TenantId,
  name: string | undefined,
): readonly Buffer[] {
  return nameWords(name).map((word) => cipher.hash("contact-word", `${tenantId} ${word}`));
}
