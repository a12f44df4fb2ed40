import type { TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";
import type { RequestOrigin } from "./people.ts";

/**
 * `active` → `suspended` (and back): staff and programs are refused, bots say that the service rests. `deleting`: as
 * suspended, until its day comes; it can be called back. `erasing`: its rows are going. `deleted`: gone.
 */
export const TENANT_STATES = ["active", "suspended", "deleting", "erasing", "deleted"] as const;
export type TenantState = (typeof TENANT_STATES)[number];

export interface TenantSettings {
  readonly name: string;
  /** The first speaks where nobody's language is known. Not empty. */
  readonly languages: readonly Language[];
  /** IANA name, such as `America/Costa_Rica`. */
  readonly timeZone: string;
  /** Content of conversations is deleted after so many days; undefined: kept. */
  readonly retentionDays: number | undefined;
  /** Name of the assistant that answers where a bot names none; undefined: there is none. */
  readonly defaultAssistant: string | undefined;
}

export interface TenantEntry {
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly state: TenantState;
  readonly stateSince: Date;
  /** Of `deleting`: when it is too late. */
  readonly deletionDueAt: Date | undefined;
  readonly createdAt: Date;
  /** What it approves may stand on the public pages of editions, which are everybody's. */
  readonly mayPublishOnEditions: boolean;
}

export interface TenantView extends TenantEntry, TenantSettings {
  /** Of the settings; from 1. */
  readonly revision: number;
}

/** Absent: unchanged. */
export interface TenantChange {
  readonly name?: string | undefined;
  readonly languages?: readonly Language[] | undefined;
  readonly timeZone?: string | undefined;
  /** Null: kept. */
  readonly retentionDays?: number | null | undefined;
  readonly defaultAssistant?: string | undefined;
}

/** Who asks for something, for the audit. */
export interface Requester {
  readonly actor: string;
  readonly origin?: RequestOrigin | undefined;
}

/** Tenants at rest. Every change is audited in the tenant. */
export interface Tenants {
  /** The tenant of the embedded default, for the web chat and the open `ask`; made when it is not there. */
  ensureSampleTenant(): Promise<TenantId>;
  /** Throws `slug-taken` (409). */
  create(draft: { readonly name: string; readonly slug: string }, by: Requester): Promise<TenantId>;
  /** Oldest first; those that are deleted are not among them. */
  list(page: KeysetRequest): Promise<KeysetPage<TenantEntry>>;
  find(tenantId: TenantId): Promise<TenantView | undefined>;
  /** What the guard of the API asks at every request, and the line at every turn. */
  standing(tenantId: TenantId): Promise<TenantStanding>;
  /** Throws `stale` (412) when the revision is not the expected one, `assistant-unknown` (404). */
  change(
    tenantId: TenantId,
    change: TenantChange,
    expectedRevision: number | undefined,
    by: Requester,
  ): Promise<void>;
  /** Throws `tenant-state` (409) when it cannot go from the state that it is in to this one. */
  setState(
    tenantId: TenantId,
    change: /** `from`: only from this one. */
      | { readonly state: "active"; readonly from?: "deleting" }
      | { readonly state: "suspended" }
      | { readonly state: "deleting"; readonly dueAt: Date },
    by: Requester,
  ): Promise<void>;
  /** What it has published there is shown, or hidden, at once. */
  setEditionPublisher(tenantId: TenantId, isAllowed: boolean, by: Requester): Promise<void>;
}

export interface TenantStanding {
  readonly state: TenantState;
  readonly language: Language;
  readonly timeZone: string;
}

export interface TenantExport {
  readonly exportId: string;
  /** `failed`: `reason` says why; ask for another one. `expired`: its content is deleted. */
  readonly state: "queued" | "running" | "ready" | "failed" | "expired";
  /** The person who may download it. */
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly finishedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly bytes: number | undefined;
  readonly reason: string | undefined;
}

/** Archives of everything of a tenant. */
export interface TenantExports {
  /** Throws `export-under-way` (409) while an earlier one is being made. */
  ask(tenantId: TenantId, personId: string, by: Requester): Promise<TenantExport>;
  list(tenantId: TenantId): Promise<readonly TenantExport[]>;
  find(tenantId: TenantId, exportId: string): Promise<TenantExport | undefined>;
  /** The archive, piece by piece; audited. Nothing when it is not `ready`. */
  read(tenantId: TenantId, exportId: string, by: Requester): AsyncIterable<Buffer>;
}

/** What is done to tenants in the background, a bounded piece at a time, by any number of processes. */
export interface TenantChores {
  /** Makes one archive that waits, or goes on with nothing: false. */
  exportNext(signal: AbortSignal): Promise<boolean>;
  /** Deletes archives that were kept long enough. Returns how many. */
  expireExports(): Promise<number>;
  /** Deletes a batch of what is older than tenants keep it. False: there was nothing. */
  retainNext(): Promise<boolean>;
  /** Deletes a batch of what belongs to a tenant whose day has come. False: there was nothing. */
  eraseNext(): Promise<boolean>;
}
