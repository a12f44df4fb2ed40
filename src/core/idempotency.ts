import type { TenantId } from "./ids.ts";

/** One request under its `Idempotency-Key`, as far as this attempt goes. */
export interface Attempt {
  readonly tenantId: TenantId;
  readonly keyHash: Buffer;
  /** UUID that all attempts of the same request share: what a crash left half done is found by it. */
  readonly operationId: string;
  /** Grows with each attempt: one that lost its lease changes nothing any more. */
  readonly fence: number;
}

export type Claim =
  | { readonly kind: "begun"; readonly attempt: Attempt }
  /** Another attempt is under way, or died less than its lease ago. */
  | { readonly kind: "under-way"; readonly retryAfterMs: number }
  /** The key was used for another request. */
  | { readonly kind: "mismatch" }
  | { readonly kind: "answered"; readonly answer: string };

/** What was answered to a request is kept for 24 hours, sealed, so that it can be answered again. */
export interface IdempotencyStore {
  /** Hashes have 32 bytes. Commits before it resolves. */
  claim(tenantId: TenantId, keyHash: Buffer, requestHash: Buffer, now: Date): Promise<Claim>;
  /** Keeps the lease of an attempt that takes long. */
  extend(attempt: Attempt, now: Date): Promise<void>;
  /** False: the lease was lost, and what another attempt answers counts. */
  complete(attempt: Attempt, answer: string): Promise<boolean>;
  /** After an attempt that changed nothing: the key is free again, for whatever request. */
  forget(attempt: Attempt): Promise<void>;
  /** After an attempt that may have changed something: the same request may be tried again at once. */
  release(attempt: Attempt, now: Date): Promise<void>;
  /** Deletes what is older than 24 hours, of every tenant. */
  expire(now: Date): Promise<void>;
}
