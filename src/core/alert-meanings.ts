import type { EditionId, PassageId, TenantId } from "./ids.ts";
import type { AlertTopic } from "./subscriptions.ts";

/** What one alternative of a topic says, as an embedder has it. */
export interface TextMeaning {
  /** As `meaningTexts` writes it. */
  readonly text: string;
  /** `float32[dimensions]`, L2 norm 1. */
  readonly vector: Float32Array;
  /** Cosine from which on a passage is about the same. */
  readonly cut: number;
}

/** A passage of an edition, as an embedder has it. */
export interface PassageMeaning {
  readonly passageId: PassageId;
  /** `float32[dimensions]`, L2 norm 1. */
  readonly vector: Float32Array;
}

/**
 * The words of alerts as an embedder has them: each distinct text of a tenant once, sealed. What no subscription has
 * any more is forgotten.
 */
export interface AlertMeanings {
  /** Active alerts whose words this embedder does not have yet. */
  listWaiting(
    tenantId: TenantId,
    embedderId: string,
    limit: number,
  ): Promise<readonly { readonly subscriptionId: string; readonly topic: AlertTopic }[]>;
  /** Those of `texts` that are there. */
  find(
    tenantId: TenantId,
    embedderId: string,
    texts: readonly string[],
  ): Promise<readonly TextMeaning[]>;
  /** Stores texts, and that these subscriptions have them; in one transaction. One that is there already stays. */
  keep(
    tenantId: TenantId,
    embedderId: string,
    made: readonly TextMeaning[],
    of: readonly { readonly subscriptionId: string; readonly texts: readonly string[] }[],
  ): Promise<void>;
  /** All that are active. */
  listTenants(): Promise<readonly TenantId[]>;
  /** Removes texts that nobody has, an hour after they were made; returns how many. */
  forgetUnused(tenantId: TenantId): Promise<number>;
  /** The next texts of a tenant after `after`, in an order that stays; `next` undefined: these are the last. */
  read(
    tenantId: TenantId,
    embedderId: string,
    after: string | undefined,
  ): Promise<{ readonly meanings: readonly TextMeaning[]; readonly next: string | undefined }>;
  /** Passages of an edition; those without a vector are left out. */
  readPassages(
    tenantId: TenantId,
    editionId: EditionId,
    embedderId: string,
  ): Promise<readonly PassageMeaning[]>;
  /** At most `limit` passages drawn from all that the tenant may read; fewer than `least` there: empty. */
  drawPassages(
    tenantId: TenantId,
    embedderId: string,
    limit: number,
    least: number,
  ): Promise<readonly Float32Array[]>;
}
