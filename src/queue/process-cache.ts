import { LRUCache } from "lru-cache";
import type { Cache } from "../core/cache.ts";

/** What an entry costs beside its letters. */
const ENTRY_BYTES = 200;

/** In this process, at most `maxBytes`; what was unused for longest goes first. In front of `next`, where there is one. */
export function createProcessCache(options: {
  readonly maxBytes: number;
  /** Shared by several processes, and slower. */
  readonly next?: Cache | undefined;
  /** How long a value from `next` is kept here. */
  readonly nextTtlMs?: number;
}): Cache {
  const { next, nextTtlMs = 60_000 } = options;
  const entries = new LRUCache<string, string>({
    maxSize: options.maxBytes,
    sizeCalculation: (value, key) => 2 * (value.length + key.length) + ENTRY_BYTES,
  });
  return {
    async get(key) {
      const own = entries.get(key);
      if (own !== undefined || next === undefined) return own;
      const shared = await next.get(key);
      if (shared !== undefined) entries.set(key, shared, { ttl: nextTtlMs });
      return shared;
    },
    set(key, value, ttlMs) {
      entries.set(key, value, { ttl: ttlMs });
      next?.set(key, value, ttlMs);
    },
    async forget(prefix) {
      for (const key of [...entries.keys()]) if (key.startsWith(prefix)) entries.delete(key);
      await next?.forget(prefix);
    },
  };
}
