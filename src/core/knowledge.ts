import type { DocumentId, TenantId } from "./ids.ts";

/**
 * A named group of gazettes and documents. What an assistant names (`knowledgeSets`) is all that it answers from; one
 * that names none answers from every public gazette and every document of its tenant. Plain JSON.
 */
export interface KnowledgeSet {
  /** Unique in the tenant: letters, digits and hyphens. */
  readonly name: string;
  readonly description: string;
  /** Slugs. */
  readonly gazettes: "all" | readonly string[];
  /** Documents that are removed leave the set. */
  readonly documents: "all" | readonly DocumentId[];
  /** Grows with each change. From 1. */
  readonly revision: number;
  /** Assistants that name it. */
  readonly assistants: readonly string[];
}

export type KnowledgeSetDraft = Pick<KnowledgeSet, "description" | "gazettes" | "documents">;

/** Knowledge sets at rest, at most 100 of a tenant. Every change is audited. */
export interface KnowledgeSets {
  list(tenantId: TenantId): Promise<readonly KnowledgeSet[]>;
  find(tenantId: TenantId, name: string): Promise<KnowledgeSet | undefined>;
  /**
   * Makes or replaces. `expectedRevision` 0: there is none yet; undefined: whatever there is. Throws `stale` (412),
   * `knowledge-set-invalid` (400) for a gazette or document that is not there, `knowledge-set-quota` (409).
   */
  save(
    tenantId: TenantId,
    name: string,
    draft: KnowledgeSetDraft,
    expectedRevision: number | undefined,
    actor: string,
  ): Promise<KnowledgeSet>;
  /** False: there is none. Throws `knowledge-set-in-use` (409) while an assistant names it. */
  remove(tenantId: TenantId, name: string, actor: string): Promise<boolean>;
}
