import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";

/** Keeps what a tenant was answered unreadable to whoever else can read the cache. */
export interface Seal {
  seal(tenantId: TenantId, key: string, value: string): string;
  /** Undefined: of another tenant or key, or damaged. */
  open(tenantId: TenantId, key: string, sealed: string): string | undefined;
}

export function createSeal(cipher: Cipher): Seal {
  const placeOf = (tenantId: TenantId, rowId: string) => ({
    tenantId,
    table: "cache",
    column: "answer",
    rowId,
  });
  return {
    seal: (tenantId, key, value) =>
      cipher.encrypt(placeOf(tenantId, key), value).toString("base64"),
    open(tenantId, key, sealed) {
      try {
        return cipher.decrypt(placeOf(tenantId, key), Buffer.from(sealed, "base64"));
      } catch {
        return undefined;
      }
    },
  };
}
