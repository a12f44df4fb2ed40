import type { TenantId } from "./ids.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { RequestOrigin } from "./people.ts";
import type { TenantState } from "./tenants.ts";

/** What a key may be made for; `ACCESS` says which routes each opens. The one list. */
export const API_KEY_SCOPES = [
  "analytics",
  "ask",
  "assistants",
  "bots",
  "campaigns",
  "contacts",
  "conversations",
  "documents",
  "events",
  "operate",
  "sources:read",
  "sources:write",
  "usage",
  "webhooks",
] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

export function isApiKeyScope(value: string): value is ApiKeyScope {
  return (API_KEY_SCOPES as readonly string[]).includes(value);
}

/** Never the key itself: it was shown once. */
export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  /** As the audit names actors: `person:…`, `command-line`. */
  readonly createdBy: string;
  /** To the minute; undefined: never. */
  readonly lastUsedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export interface FoundApiKey {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly scopes: readonly string[];
  readonly tenantState: TenantState;
}

/** Machine keys: 256 random bits, shown once, stored as a SHA-256. Every change is audited. */
export interface ApiKeys {
  create(
    tenantId: TenantId,
    name: string,
    scopes: readonly ApiKeyScope[],
    made?: {
      /** Absent: `command-line`. */
      readonly actor?: string | undefined;
      readonly origin?: RequestOrigin | undefined;
      /** Absent: it does not expire. */
      readonly expiresAt?: Date | undefined;
    },
  ): Promise<{ readonly key: string; readonly id: string }>;
  /** Oldest first, those that are revoked or expired too. */
  list(tenantId: TenantId, page: KeysetRequest): Promise<KeysetPage<ApiKeyView>>;
  findView(tenantId: TenantId, id: string): Promise<ApiKeyView | undefined>;
  /** Counts from the next request on. False when there is no such key that is not revoked. */
  revoke(tenantId: TenantId, id: string, actor: string, origin?: RequestOrigin): Promise<boolean>;
  /**
   * Undefined: unknown, revoked or expired. Notes when a key was used; one that was revoked or has expired, and is
   * used all the same, is audited (once a minute).
   */
  find(key: string, origin?: RequestOrigin): Promise<FoundApiKey | undefined>;
}

/** How a key is named in the audit log. */
export function actorOfKey(id: string): string {
  return `key:${id}`;
}
