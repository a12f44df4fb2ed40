import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSharedBreakers } from "../../src/chain/shared-breakers.ts";
import { systemClock } from "../../src/core/clock.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { LiveEvents } from "../../src/core/wake-up.ts";
import { createRedisLiveEvents } from "../../src/queue/redis-live-events.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";

describe.skipIf(servicesMissing())("breakers of several processes", () => {
  let redis: EphemeralRedis;
  const open: LiveEvents[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await Promise.all(open.map((events) => events.close()));
    await redis.stop();
  });

  function breakerOfAnotherProcess() {
    const events = createRedisLiveEvents({ redisUrl: redis.url, logger: silentLogger });
    open.push(events);
    return createSharedBreakers(systemClock, events)("openai:m");
  }

  it("share over Redis what one learned, and a Redis that is away changes nothing for each alone", async () => {
    const [one, other] = [breakerOfAnotherProcess(), breakerOfAnotherProcess()];
    const failure = new PregoneroError("model-quota", "x", { retry: "never" });
    // Said again until heard: while the connections come up, events are lost, as they may be.
    await expect
      .poll(
        () => {
          one.hear({ kind: "closed" });
          one.enter()?.failed(failure);
          return other.enter();
        },
        { timeout: 30_000 },
      )
      .toBeUndefined();
    await redis.crash();
    const alone = breakerOfAnotherProcess();
    alone.enter()?.failed(failure);
    expect(alone.enter()).toBeUndefined();
    await redis.start();
  });
});
