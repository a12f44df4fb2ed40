import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Logger, silentLogger } from "../../src/core/logger.ts";
import type { LiveEvents, WakeUps } from "../../src/core/wake-up.ts";
import { createBullMqWakeUps } from "../../src/queue/bullmq-wake-ups.ts";
import { Looks, liveEventsConformance, wakeUpsConformance } from "../../src/queue/conformance.ts";
import { createRedisLiveEvents } from "../../src/queue/redis-live-events.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";
import { runningServers } from "./harness/server-process.ts";
import { startTcpProxy } from "./harness/tcp-proxy.ts";

/** Longer than any test waits: what comes before came by a wake. */
const NEVER_MS = 60_000;

describe.skipIf(servicesMissing())("wake-ups on Redis", () => {
  let redis: EphemeralRedis;
  let inspector: Redis;
  let installation = 0;
  const open: (WakeUps | LiveEvents)[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    inspector = new Redis(redis.url, { retryStrategy: () => 50 });
    inspector.on("error", () => {});
  });
  afterAll(async () => {
    inspector.disconnect();
    await redis.stop();
    expect(runningServers()).toEqual([]);
  });
  beforeEach(() => {
    installation += 1;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((member) => member.close()));
  });

  /** A member of the test's own installation, as if in a process of its own. */
  function member(
    options: { pollIntervalMs?: number; redisUrl?: string; logger?: Logger } = {},
  ): WakeUps {
    const created = createBullMqWakeUps({
      redisUrl: options.redisUrl ?? redis.url,
      pollIntervalMs: options.pollIntervalMs ?? NEVER_MS,
      prefix: `test-${installation}`,
      logger: options.logger ?? silentLogger,
    });
    open.push(created);
    return created;
  }
  function liveEvents(): LiveEvents {
    const created = createRedisLiveEvents({
      redisUrl: redis.url,
      prefix: `test-${installation}`,
      logger: silentLogger,
    });
    open.push(created);
    return created;
  }

  wakeUpsConformance("BullMQ", async (options) =>
    createBullMqWakeUps({
      ...options,
      redisUrl: redis.url,
      prefix: `conformance-${Math.random()}`,
      logger: silentLogger,
    }),
  );
  liveEventsConformance("Redis", async () => {
    const { port } = redis;
    return createRedisLiveEvents({ redisUrl: `redis://127.0.0.1:${port}`, logger: silentLogger });
  });

  it("wakes a process that listens from one that does not", async () => {
    const looks = new Looks();
    member().listen("answer", looks.look);
    await looks.began(1);
    const caller = member();
    await wakeUntil(caller, looks.began(2));
  });

  it("wakes a second process while the first is busy", async () => {
    const busy = new Looks();
    const idle = new Looks();
    const held = busy.hold();
    member().listen("answer", busy.look);
    member().listen("answer", idle.look);
    await Promise.all([busy.began(1), idle.began(1)]);
    const caller = member();
    for (let wake = 2; wake < 12; wake++) await wakeUntil(caller, idle.began(wake));
    expect(busy.count).toBe(1);
    held.release();
  });

  it("a process that leaves work behind wakes another", async () => {
    const [first, second] = [new Looks(), new Looks()];
    const worker = member();
    worker.listen("answer", first.look);
    member().listen("answer", second.look);
    await Promise.all([first.began(1), second.began(1)]);
    first.leavesWork = 2_000;
    worker.wake("answer");
    await second.began(2);
  });

  it("keeps nothing in Redis however many wakes there are, with or without workers", async () => {
    const caller = member();
    await untilConnected(caller);
    const before = await inspector.dbsize();
    const began = performance.now();
    while (performance.now() - began < 1_500) {
      for (let wake = 0; wake < 200; wake++) caller.wake("answer");
      await new Promise((resolve) => setImmediate(resolve));
    }
    // One job, its list, marker, counter, meta and the bounded event stream.
    expect((await inspector.dbsize()) - before).toBeLessThanOrEqual(8);
    const looks = new Looks();
    member().listen("answer", looks.look);
    await looks.began(2);
    await expect.poll(() => inspector.llen(`test-${installation}:answer:wait`)).toBe(0);
    expect(await inspector.xlen(`test-${installation}:answer:events`)).toBeLessThanOrEqual(300);
  });

  it("makes tens of Redis commands a second for three hundred wakes a second", async () => {
    const looks = new Looks();
    member().listen("answer", looks.look);
    await looks.began(1);
    const caller = member();
    await untilConnected(caller);
    const before = await callsReceived();
    const startedAt = performance.now();
    for (let tick = 0; tick < 300; tick++) {
      caller.wake("answer");
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const commands = (await callsReceived()) - before;
    // A slow machine takes longer over the three hundred, and looks meanwhile as often as it may.
    const seconds = Math.max(1, (performance.now() - startedAt) / 1_000);
    expect(looks.count).toBeGreaterThan(1);
    expect(commands / seconds).toBeLessThan(150);
  });

  it("loses no wake between processes: each is followed by a look that began after it", async () => {
    const workers = [new Looks(), new Looks(), new Looks()];
    for (const looks of workers) member().listen("answer", looks.look);
    await Promise.all(workers.map((looks) => looks.began(1)));
    const caller = member();
    await untilConnected(caller);
    const total = () => workers.reduce((sum, looks) => sum + looks.count, 0);
    for (let round = 0; round < 40; round++) {
      const before = total();
      caller.wake("answer");
      await expect.poll(total, { interval: 1 }).toBeGreaterThan(before);
    }
  });

  it("goes on by polling while Redis is down, throws nothing, and wakes again when it is back", async () => {
    const polled = new Looks();
    const woken = new Looks();
    member({ pollIntervalMs: 50 }).listen("answer", polled.look);
    member().listen("deliver", woken.look);
    const caller = member();
    await Promise.all([polled.began(1), woken.began(1), untilConnected(caller)]);
    await redis.crash();
    caller.wake("answer");
    await polled.began(polled.count + 3);
    await redis.start();
    await wakeUntil(caller, woken.began(woken.count + 1), "deliver");
  });

  it("survives a Redis that is flushed at any moment", async () => {
    const looks = new Looks();
    member().listen("answer", looks.look);
    await looks.began(1);
    const caller = member();
    for (let round = 0; round < 10; round++) {
      caller.wake("answer");
      await inspector.flushall();
      await wakeUntil(caller, looks.began(looks.count + 1));
    }
  });

  it("starts without Redis, and uses it when it comes", async () => {
    await redis.crash();
    const looks = new Looks();
    member({ pollIntervalMs: 50 }).listen("deliver", looks.look);
    const woken = new Looks();
    member().listen("answer", woken.look);
    const caller = member();
    caller.wake("answer");
    await looks.began(3);
    await redis.start();
    await wakeUntil(caller, woken.began(2));
  });

  it("notices a half-open connection and replaces it", async () => {
    const proxy = await startTcpProxy({ port: redis.port });
    try {
      const looks = new Looks();
      member({ redisUrl: `redis://127.0.0.1:${proxy.port}` }).listen("answer", looks.look);
      await looks.began(1);
      const caller = member();
      await wakeUntil(caller, looks.began(2));
      proxy.blackHole();
      caller.wake("answer");
      await looks.quiet();
      proxy.restore();
      await wakeUntil(caller, looks.began(looks.count + 1));
    } finally {
      await Promise.all(open.splice(0).map((created) => created.close()));
      await proxy.stop();
    }
  });

  it.each([
    ["that never came up", async () => {}],
    ["that was waited on", untilListening],
  ])("closes while Redis is down: a connection %s", async (_, reached) => {
    const logger = { ...silentLogger };
    const lost = new Promise<void>((resolve) => {
      logger.warn = (event, fields) => {
        if (event === "redis-lost" && fields?.purpose === "look") resolve();
      };
    });
    const worker = member({ logger });
    const looks = new Looks();
    try {
      worker.listen("answer", looks.look);
      await looks.began(1);
      await reached(looks);
      await redis.crash();
      await lost;
      // From here on ioredis waits for its next attempt.
      await new Promise(setImmediate);
      await worker.close();
    } finally {
      await redis.start();
    }
  });

  it("carries live events between processes, and not twice to the publisher's own listeners", async () => {
    const [here, there] = [liveEvents(), liveEvents()];
    const heardHere: string[] = [];
    here.subscribe("chat:1", (payload) => heardHere.push(payload));
    const heard = new Promise<string>((resolve) => there.subscribe("chat:1", resolve));
    await publishUntil(here, heard);
    await publishUntil(here, heard);
    expect(await heard).toBe("ñ");
    const count = heardHere.length;
    here.publish("chat:1", "last");
    await expect.poll(() => heardHere.at(-1)).toBe("last");
    expect(heardHere.length).toBe(count + 1);
  });

  /** Wakes until the look comes: a wake while the connection is not up yet is meant to get lost. */
  async function wakeUntil(
    caller: WakeUps,
    look: Promise<void>,
    hop: "answer" | "deliver" = "answer",
  ): Promise<void> {
    const repeat = setInterval(() => caller.wake(hop), 100);
    caller.wake(hop);
    await look.finally(() => clearInterval(repeat));
  }

  /** Until another process's wake arrives: the listener has blocked on Redis. */
  async function untilListening(looks: Looks): Promise<void> {
    await wakeUntil(member(), looks.began(looks.count + 1));
  }

  async function untilConnected(caller: WakeUps): Promise<void> {
    const looks = new Looks();
    const listener = member();
    listener.listen("deliver", looks.look);
    await looks.began(1);
    await wakeUntil(caller, looks.began(2), "deliver");
    await listener.close();
  }

  async function publishUntil(events: LiveEvents, heard: Promise<string>): Promise<void> {
    const repeat = setInterval(() => events.publish("chat:1", "ñ"), 20);
    await heard.finally(() => clearInterval(repeat));
  }

  /** Calls over the network; `total_commands_processed` also counts what BullMQ's scripts do inside Redis. */
  async function callsReceived(): Promise<number> {
    const info = await inspector.info("commandstats");
    const calls = [...info.matchAll(/cmdstat_(?:evalsha|eval|bzpopmin|info):calls=(\d+)/g)];
    return calls.reduce((sum, [, count]) => sum + Number(count), 0);
  }
});
