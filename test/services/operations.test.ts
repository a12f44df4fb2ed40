import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSharedBreakers } from "../../src/chain/shared-breakers.ts";
import type { BotAccount } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { TenantId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import { createOperations } from "../../src/create-operations.ts";
import { createRedisLiveEvents } from "../../src/queue/redis-live-events.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addTenant, answer, message, NO_BROADCASTS, openLedgers } from "../line/tenant-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";
import { spawnPregonero } from "./harness/pregonero.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";

/** What /healthz says. */
interface Health {
  readonly components: readonly { readonly id: string }[];
  readonly isHealthy: boolean;
}

const BY = { actor: "person:op" };
const MODEL = "openai:m";

/** Processes are stood for by pools, connections to Redis and memories of their own. */
describe.skipIf(servicesMissing())("what is ordered in one process", () => {
  const key = randomBytes(32);
  let postgres: EphemeralPostgres;
  let redis: EphemeralRedis;
  let testDatabase: TestDatabase;
  let ordering: Process;
  let other: Process;
  let tenantId: TenantId;
  let bot: BotAccount;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    testDatabase = await postgres.createDatabase();
    [ordering, other] = [startProcess(), startProcess()];
    ({ tenantId, bot } = await addTenant(ordering.line));
  });
  afterAll(async () => {
    await Promise.all([ordering?.close(), other?.close()]);
    await testDatabase?.drop();
    await Promise.all([postgres?.stop(), redis?.stop()]);
    expectNoServers();
  });

  type Process = ReturnType<typeof startProcess>;
  function startProcess() {
    const database = openServer({ url: testDatabase.url, maxConnections: 3 });
    const liveEvents = createRedisLiveEvents({ redisUrl: redis.url, logger: silentLogger });
    const line = openLedgers(database, key);
    const breakers = createSharedBreakers(systemClock, liveEvents);
    const operations = createOperations({
      database,
      cipher: line.cipher,
      channels: new Map(),
      liveEvents,
      breakers,
      clock: systemClock,
      logger: silentLogger,
      metrics: noMetrics,
    });
    return {
      line,
      breakers,
      operations,
      close: () => Promise.all([liveEvents.close(), database.close()]),
    };
  }

  const write = (chat: string) =>
    ordering.line.inbox.accept(tenantId, [{ bot, message: message(randomUUID(), chat) }]);
  const claimMessages = () => other.line.conversations.claim("other", 9, 60_000);
  const claimParts = async () => (await other.line.outbox.claim("other", 9, NO_BROADCASTS)).parts;

  it("pauses and drains the next claim of the other, and lifting it lets all go on", async () => {
    await write("answered");
    const { due } = await other.line.conversations.readDue(await claimMessages());
    await other.line.conversations.commitAnswers(due.map((one) => answer(one)));
    await write("waits");
    const { pauses } = ordering.operations;
    const order = { stopsAnswers: true, isPlatforms: false, reason: "test" };
    await pauses.set({ tenantId }, { ...order, stopsSending: true }, BY);
    expect([await claimMessages(), await claimParts()]).toEqual([[], []]);
    // A drain: what is answered is still sent.
    const { id } = await pauses.set({ tenantId }, { ...order, stopsSending: false }, BY);
    expect(await claimMessages()).toEqual([]);
    expect(await claimParts()).toHaveLength(1);
    expect(await pauses.lift(id, tenantId, BY)).toBe(true);
    expect(await claimMessages()).toHaveLength(1);
  });

  it("trips and resets breakers, and switches features, in the other within moments", async () => {
    const { switchStore, switches } = ordering.operations;
    other.breakers(MODEL).enter()?.succeeded();
    const isOpen = () => {
      const pass = other.breakers(MODEL).enter();
      pass?.abandoned();
      return pass !== undefined;
    };
    // Announced again until heard: while the connections come up, calls are lost, as they may be.
    const heard = (look: () => boolean, wanted: boolean) =>
      expect
        .poll(async () => {
          await switches.announce();
          return look();
        })
        .toBe(wanted);
    const until = new Date(Date.now() + 3_600_000);
    await switchStore.order(MODEL, { until, reason: "test" }, BY);
    await heard(isOpen, false);
    await switchStore.order(MODEL, { until: undefined, reason: "test" }, BY);
    await heard(isOpen, true);
    const isOff = () => other.operations.switches.offFor(tenantId).has("media");
    await switchStore.set("media", tenantId, { isOn: false, reason: "test" }, BY);
    await heard(isOff, true);
    await switchStore.set("media", tenantId, { isOn: undefined, reason: "test" }, BY);
    await heard(isOff, false);
  });

  it("tells by /healthz which of Redis and the database is away, and since it is back that it is", async () => {
    const product = await spawnPregonero({
      roles: "api",
      env: {
        DATABASE_URL: testDatabase.url,
        REDIS_URL: redis.url,
        SECRET_KEY: key.toString("hex"),
        SAMPLE_DATA: "off",
      },
    });
    try {
      await product.waitUntilReady();
      const health = async () => {
        const response = await fetch(`${product.url}/healthz`);
        const { components, ...rest } = (await response.json()) as Health;
        const found = (name: string) => components.find(({ id }) => id === name);
        return {
          status: response.status,
          ...rest,
          redis: found("redis"),
          database: found("database"),
        };
      };
      const until = (expected: object) =>
        expect.poll(health, { timeout: 60_000, interval: 500 }).toMatchObject(expected);
      await until({ status: 200, redis: { state: "ok" }, database: { state: "ok" } });
      await redis.crash();
      await until({
        status: 200,
        isHealthy: false,
        redis: { state: "down", action: expect.stringContaining("REDIS_URL") },
        database: { state: "ok" },
      });
      await redis.start();
      await postgres.crash();
      await until({
        status: 503,
        isHealthy: false,
        checks: [
          { name: "database", isHealthy: false, evidence: expect.stringMatching(/database/) },
        ],
        redis: { state: "ok" },
        database: { state: "down", action: expect.stringContaining("DATABASE_URL") },
      });
      await postgres.start();
      await until({ status: 200, redis: { state: "ok" }, database: { state: "ok" } });
    } finally {
      await product.stop();
    }
  }, 240_000);
});
