/**
 * The hops that run in workers; `accept` runs in the request. `deliver-held`: for accounts whose session one process
 * holds; whichever of several holders is woken, the others find their parts at their next poll.
 */
export type Hop = "answer" | "deliver" | "deliver-held";

/**
 * Tells workers that something is due. Only a call to look: the inbox and outbox tables are the truth,
 * and whatever a lost call leaves behind is found by the next look (at most `pollIntervalMs` later).
 */
export interface WakeUps {
  /** Call after commit. Never throws, never waits; repeated calls coalesce. */
  wake(hop: Hop): void;
  /**
   * Runs `look` whenever woken and at least every `pollIntervalMs` milliseconds, never twice at once in this
   * process. `look` resolves true when it left work behind, and is then run again at once.
   * After `close`, no further look starts, and `close` resolves when the running ones have ended.
   */
  listen(hop: Hop, look: (signal: AbortSignal) => Promise<boolean>): void;
  close(): Promise<void>;
}

/** Ephemeral messages between processes, for live pages. May be lost: whoever listens can read the store. */
export interface LiveEvents {
  publish(topic: string, payload: string): void;
  /** Returns the function that ends the subscription. */
  subscribe(topic: string, listener: (payload: string) => void): () => void;
  close(): Promise<void>;
}
