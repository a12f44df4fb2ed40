import { Redis } from "ioredis";
import type { Logger } from "../core/logger.ts";

/**
 * A connection that never ends the process and never gives up: it reconnects quietly, logging only
 * `redis-lost` and `redis-back`. A socket that stays silent for 10 s with a command pending is
 * half-open and is replaced.
 */
export function openRedis(
  redisUrl: string,
  purpose: string,
  logger: Logger,
  options: {
    /** `null`: commands wait for the connection, however long. */
    readonly maxRetriesPerRequest: number | null;
    readonly enableOfflineQueue?: boolean;
    readonly commandTimeout?: number;
  },
): Redis {
  const redis = new Redis(redisUrl, {
    connectionName: `pregonero-${purpose}`,
    connectTimeout: 5_000,
    socketTimeout: 10_000,
    retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 6), 2_000),
    ...options,
  });
  let isLost = false;
  redis.on("error", (error: NodeJS.ErrnoException) => {
    if (isLost) return;
    isLost = true;
    logger.warn("redis-lost", { purpose, code: error.code ?? error.name });
  });
  redis.on("ready", () => {
    if (isLost) logger.info("redis-back", { purpose });
    isLost = false;
  });
  return redis;
}

/**
 * Ends a connection at once and fails what it still waits for. ioredis, told to disconnect between two
 * attempts to reconnect, only forgets the next attempt: its commands would never settle. An attempt that
 * is broken off settles them.
 */
export function endRedis(redis: Redis): void {
  if (redis.status === "reconnecting") redis.connect().catch(() => {});
  redis.disconnect();
}
