import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/core/logger.ts";
import { createThrottle } from "../../src/http/access/throttle.ts";
import { createRedisCounter } from "../../src/queue/redis-counter.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";

describe.skipIf(servicesMissing())("the counter that processes share", () => {
  let redis: EphemeralRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it("counts over all of them within a window that ends, and without Redis says so at once", async () => {
    const [one, other] = [0, 1].map(() =>
      createRedisCounter({ redisUrl: redis.url, logger: silentLogger }),
    );
    if (one === undefined || other === undefined) throw new Error("two were made");
    try {
      for (const counter of [one, other]) {
        await expect.poll(() => counter.count("warm-up", 60), { timeout: 30_000 }).toBeDefined();
      }
      const seen = [await one.count("key", 60), await other.count("key", 60)];
      expect(seen.map((each) => each?.count)).toEqual([1, 2]);
      expect(seen[1]?.resetMs).toBeGreaterThan(50_000);
      expect(await one.count("brief", 1)).toMatchObject({ count: 1 });
      await expect.poll(async () => (await one.count("brief", 1))?.resetMs).toBeGreaterThan(0);
      await one.forget("key");
      expect(await other.count("key", 60)).toMatchObject({ count: 1 });
      // Ten wrong passwords in all, wherever they are tried; a right one is forgiven everywhere.
      const limit = { name: "sign-in", attempts: 10, seconds: 900 };
      const [here, there] = [createThrottle(limit, one), createThrottle(limit, other)];
      for (let at = 0; at < 5; at += 1) await Promise.all([here.take("ana"), there.take("ana")]);
      await expect(there.take("ana")).rejects.toMatchObject({ code: "too-many-attempts" });
      await here.forgive("ana");
      await there.take("ana");
      await redis.crash();
      expect(await other.count("key", 60)).toBeUndefined();
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });
});
