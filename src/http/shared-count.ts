import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { SharedCounter } from "../core/shared-counter.ts";

export interface Counted {
  readonly count: number;
  readonly resetMs: number;
}

export interface SharedCount {
  /** Counts one. By all processes together where they share a counter, and by this one while that is away. */
  add(key: string, shared: SharedCounter | undefined): Promise<Counted>;
  forget(key: string, shared: SharedCounter | undefined): Promise<void>;
}

/** Counts of one limit, in windows of `seconds`. `name` tells it from the others, in every process alike. */
export function createSharedCount(name: string, points: number, seconds: number): SharedCount {
  const own = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  // One length and no separators of another's making; it hides an id from a glance, not from whoever tries all addresses.
  const hashed = (key: string) => createHash("sha256").update(`${name} ${key}`).digest("base64url");

  async function addOwn(key: string): Promise<Counted> {
    try {
      const state = await own.consume(key);
      return { count: state.consumedPoints, resetMs: state.msBeforeNext };
    } catch (refusal) {
      // Whatever fails here refuses: a broken limiter must not be an open door.
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return { count: refusal.consumedPoints, resetMs: refusal.msBeforeNext };
    }
  }

  return {
    async add(key, shared) {
      return (await shared?.count(hashed(key), seconds)) ?? addOwn(hashed(key));
    },
    async forget(key, shared) {
      await Promise.all([shared?.forget(hashed(key)), own.delete(hashed(key))]);
    },
  };
}
