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
  beforeAll(async () => {
    postgres = await startPostgres();
    redis = await startRedis();
    runOnServices(async () => {
      const { url } = await postgres.createDatabase();
      return { databaseUrl: url, redisUrl: redis.url };
    });
  });
  afterAll(async () => {
    await redis.stop();
    await postgres.stop();
    expectNoServers();
  });

  describe("the Cloud API", () => import("../journeys/whatsapp-cloud.test.ts").then(() => {}));
});
