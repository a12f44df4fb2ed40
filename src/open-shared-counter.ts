import type { Config } from "./config.ts";
import type { Logger } from "./core/logger.ts";
import type { SharedCounter } from "./core/shared-counter.ts";

/** Undefined without Redis: one process counts by itself. */
export async function openSharedCounter(
  { redisUrl }: Pick<Config, "redisUrl">,
  logger: Logger,
): Promise<SharedCounter | undefined> {
  if (redisUrl === undefined) return undefined;
  const { createRedisCounter } = await import("./queue/redis-counter.ts");
  return createRedisCounter({ redisUrl: redisUrl.reveal(), logger });
}
