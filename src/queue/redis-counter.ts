import type { Logger } from "../core/logger.ts";
import type { SharedCounter } from "../core/shared-counter.ts";
import { endRedis, openRedis } from "./redis-connection.ts";

/** A limit that is slower to ask than this is counted in the process instead. */
const ANSWER_MS = 200;

/** One step, so that no key is left without its end. */
const COUNT = `local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return { count, redis.call('pttl', KEYS[1]) }`;

export function createRedisCounter(options: {
  readonly redisUrl: string;
  readonly prefix?: string;
  readonly logger: Logger;
}): SharedCounter {
  const redis = openRedis(options.redisUrl, "limits", options.logger, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: ANSWER_MS,
  });
  const nameOf = (key: string) => `${options.prefix ?? "pregonero"}:limit:${key}`;
  return {
    async count(key, seconds) {
      if (redis.status !== "ready") return undefined;
      const name = nameOf(key);
      const answer: unknown = await redis.eval(COUNT, 1, name, seconds * 1000).catch(() => null);
      if (!Array.isArray(answer)) return undefined;
      const [count, resetMs] = answer.map(Number);
      if (count === undefined || resetMs === undefined || Number.isNaN(count)) return undefined;
      return { count, resetMs: Math.max(0, resetMs) };
    },
    async forget(key) {
      if (redis.status === "ready") await redis.del(nameOf(key)).catch(() => {});
    },
    async close() {
      endRedis(redis);
    },
  };
}
