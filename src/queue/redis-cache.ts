import type { Cache } from "../core/cache.ts";
import type { Logger } from "../core/logger.ts";
import { endRedis, openRedis } from "./redis-connection.ts";

/** A cache is asked before a model; slower than this, the model is asked at once. */
const ANSWER_MS = 200;

/** Shared by all processes of an installation. Values are stored as given: encrypt what is not public. */
export function createRedisCache(options: {
  readonly redisUrl: string;
  readonly prefix?: string;
  readonly logger: Logger;
}): Cache & { close(): Promise<void> } {
  const redis = openRedis(options.redisUrl, "cache", options.logger, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
  });
  const keyOf = (key: string) => `${options.prefix ?? "pregonero"}:cache:${key}`;
  return {
    async get(key) {
      if (redis.status !== "ready") return undefined;
      return (await redis.get(keyOf(key)).catch(() => null)) ?? undefined;
    },
    set(key, value, ttlMs) {
      if (redis.status === "ready")
        redis.set(keyOf(key), value, "PX", Math.ceil(ttlMs)).catch(() => {});
    },
    async forget(prefix) {
      if (redis.status !== "ready") return;
      // Keys are ids and digests of ours: nothing in them means anything to a pattern.
      const match = `${keyOf(prefix)}*`;
      let cursor = "0";
      do {
        const [next, keys] = await redis.scan(cursor, "MATCH", match, "COUNT", 1_000);
        if (keys.length > 0) await redis.unlink(...keys);
        cursor = next;
      } while (cursor !== "0");
    },
    async close() {
      endRedis(redis);
    },
  };
}
