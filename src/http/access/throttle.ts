import { PregoneroError } from "../../core/errors.ts";
import type { SharedCounter } from "../../core/shared-counter.ts";
import { createSharedCount } from "../shared-count.ts";

export interface Throttle {
  /**
   * Counts an attempt before it is made, so that attempts at once do not slip through. Throws `too-many-attempts`
   * (429), saying when to come back.
   */
  take(key: string): Promise<void>;
  /** The attempt was right: what was counted is forgotten. */
  forgive(key: string): Promise<void>;
}

/**
 * At most `attempts` wrong ones per `seconds` and key; nothing is locked for longer. Counted by all processes together
 * where they share a counter.
 */
export function createThrottle(
  { name, attempts, seconds }: { name: string; attempts: number; seconds: number },
  shared: SharedCounter | undefined,
): Throttle {
  const counted = createSharedCount(name, attempts, seconds);
  return {
    async take(key) {
      const { count, resetMs } = await counted.add(key, shared);
      if (count <= attempts) return;
      throw new PregoneroError(
        "too-many-attempts",
        `Too many attempts. Try again in ${Math.ceil(resetMs / 60_000)} minutes.`,
        { status: 429, retry: { afterMs: resetMs } },
      );
    },
    forgive: (key) => counted.forget(key, shared),
  };
}
