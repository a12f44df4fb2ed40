/**
 * Values kept for a while, outside any promise: whoever asks must be able to make the value again. Never
 * throws: a cache that is away knows nothing.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  /** Kept for at most `ttlMs`, perhaps shorter. */
  set(key: string, value: string, ttlMs: number): void;
  /** Drops every value whose key begins so. Copies in other processes' memory go when their time is up. */
  forget(prefix: string): Promise<void>;
}
