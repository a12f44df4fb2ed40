import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { PregoneroError } from "../../core/errors.ts";

export interface Throttle {
  /**
   * Counts an attempt before it is made, so that attempts at once do not slip through. Throws `too-many-attempts`
   * (429), saying when to come back.
   */
  take(key: string): Promise<void>;
  /** The attempt was right: what was counted is forgotten. */
  forgive(key: string): Promise<void>;
}

/** At most `attempts` wrong ones per `seconds` and key; nothing is locked for longer. Counted in this process. */
export function createThrottle(attempts: number, seconds: number): Throttle {
  const limiter = new RateLimiterMemory({ points: attempts, duration: seconds });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
      } catch (refusal) {
        // Whatever fails here refuses: a broken limiter must not be an open door.
        const waitMs = refusal instanceof RateLimiterRes ? refusal.msBeforeNext : seconds * 1000;
        throw new PregoneroError(
          "too-many-attempts",
          `Too many attempts. Try again in ${Math.ceil(waitMs / 60_000)} minutes.`,
          { status: 429, retry: { afterMs: waitMs }, cause: refusal },
        );
      }
    },
    async forgive(key) {
      await limiter.delete(key);
    },
  };
}
