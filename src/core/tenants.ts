import type { TenantId } from "./ids.ts";

export interface Tenants {
  /** The tenant of the embedded default, for the web chat and the open `ask`; made when it is not there. */
  ensureSampleTenant(): Promise<TenantId>;
}

/** Machine keys: 256 random bits, shown once, stored as a SHA-256. */
export interface ApiKeys {
  create(
    tenantId: TenantId,
    name: string,
    scopes: readonly string[],
  ): Promise<{ readonly key: string; readonly id: string }>;
  list(tenantId: TenantId): Promise<
    readonly {
      readonly id: string;
      readonly name: string;
      readonly scopes: readonly string[];
      readonly createdAt: Date;
      readonly revokedAt: Date | undefined;
    }[]
  >;
  /** False when there is no such key. */
  revoke(tenantId: TenantId, id: string): Promise<boolean>;
  find(
    key: string,
  ): Promise<{ readonly tenantId: TenantId; readonly scopes: readonly string[] } | undefined>;
}
