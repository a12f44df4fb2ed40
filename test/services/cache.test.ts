import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/core/logger.ts";
import { createProcessCache } from "../../src/queue/process-cache.ts";
import { createRedisCache } from "../../src/queue/redis-cache.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";

describe.skipIf(servicesMissing())("the cache that processes share", () => {
  let redis: EphemeralRedis;
  const open: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await Promise.all(open.map((cache) => cache.close()));
    await redis.stop();
  });

  it("gives one process what another kept, and without Redis nothing, at once", async () => {
    const [one, other] = [0, 1].map(() => {
      const next = createRedisCache({ redisUrl: redis.url, logger: silentLogger });
      open.push(next);
      return createProcessCache({ maxBytes: 10_000, next });
    });
    if (one === undefined || other === undefined) throw new Error("two were made");
    // Set again until it is there: until the connection stands, nothing is kept.
    await expect
      .poll(
        () => {
          one.set("key", "value", 60_000);
          return other.get("key");
        },
        { timeout: 30_000 },
      )
      .toBe("value");
    await redis.crash();
    expect(await other.get("another")).toBeUndefined();
    one.set("another", "own", 60_000);
    expect(await one.get("another")).toBe("own");
  });
});
