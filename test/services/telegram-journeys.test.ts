import { afterAll, beforeAll, describe } from "vitest";
import { runOnServices } from "../journeys/running-product.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres } from "./harness/postgres.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";

/** The journeys of the embedded default, word for word, on PostgreSQL and Redis. */
describe.skipIf(servicesMissing())("on PostgreSQL and Redis", () => {
  let postgres: EphemeralPostgres;
  let redis: EphemeralRedis;
  let products = 0;
  beforeAll(async () => {
    postgres = await startPostgres();
    redis = await startRedis();
    runOnServices(async () => {
      const { url } = await postgres.createDatabase();
      products += 1;
      return { databaseUrl: url, redisUrl: `${redis.url}/${products}` };
    });
  });
  afterAll(async () => {
    await redis.stop();
    await postgres.stop();
    expectNoServers();
  });

  // A describe of its own keeps the hooks of each file with its tests.
  describe("questions", () => import("../journeys/telegram/question.test.ts").then(() => {}));
  describe("commands", () => import("../journeys/telegram/commands.test.ts").then(() => {}));
  describe("groups", () => import("../journeys/telegram/groups.test.ts").then(() => {}));
  describe("sending", () => import("../journeys/telegram/sending.test.ts").then(() => {}));
  describe("bots", () => import("../journeys/telegram/bots-come-and-go.test.ts").then(() => {}));
});
