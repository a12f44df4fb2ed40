import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type StandInBot,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "./harness/pregonero.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";
import { freePort, runningServers } from "./harness/server-process.ts";

const TOKEN = "7000001:services-suite";
const CHATS = 25;
const MESSAGES_PER_CHAT = 4;
/** A lease of a dead worker ends after 30 s, and its attempts are given up after 60 s. */
const RECOVERED_MS = 160_000;

/** One process that takes messages in, three that answer, as `docker compose` runs them. */
describe.skipIf(servicesMissing())("a gateway and three workers on PostgreSQL and Redis", () => {
  let postgres: EphemeralPostgres;
  let redis: EphemeralRedis;
  let database: TestDatabase;
  let standIn: TelegramStandIn;
  let bot: StandInBot;
  let gateway: PregoneroProcess;
  let env: Record<string, string>;
  const workers: PregoneroProcess[] = [];

  const startWorker = () => spawnPregonero({ roles: "worker", env });

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    database = await postgres.createDatabase();
    standIn = await startTelegramStandIn({ webhookRetryBaseMs: 100, webhookRetryMaxMs: 1_000 });
    bot = standIn.addBot(TOKEN, { username: "pregonero_services_bot" });
    const port = await freePort();
    env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SECRET_KEY: randomBytes(32).toString("hex"),
      TELEGRAM_API_ROOT: standIn.apiRoot,
    };
    gateway = await spawnPregonero({
      roles: "api,scheduler",
      env: {
        ...env,
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        TELEGRAM_BOT_TOKEN: TOKEN,
      },
    });
    await gateway.waitUntilReady();
    workers.push(...(await Promise.all([startWorker(), startWorker(), startWorker()])));
    await Promise.all(workers.map((worker) => worker.printed(/roles-started|Pregonero runs/)));
    await standIn.waitForCall("setWebhook");
  });
  afterAll(async () => {
    await Promise.all([gateway, ...workers].map((process) => process?.stop()));
    await standIn?.close();
    await database?.drop();
    await Promise.all([postgres?.stop(), redis?.stop()]);
    expect(runningServers()).toEqual([]);
  });

  /** Everyone writes at once; a chat's messages follow each other without waiting for answers. */
  function everyoneWrites(firstChat: number): void {
    for (let message = 1; message <= MESSAGES_PER_CHAT; message++) {
      for (let chat = firstChat; chat < firstChat + CHATS; chat++) {
        standIn
          .user(chat, { languageCode: "es" })
          .send(`¿Quién registró la marca ${chat}${message}?`, { bot });
      }
    }
  }

  async function untilSettled(): Promise<void> {
    await standIn.whenDelivered(bot);
    await vi.waitFor(
      async () => {
        const [row] = await database.query<{ open: number }>(
          `select (select count(*)::int from inbox where state = 'pending')
                + (select count(*)::int from outbox where state in ('queued', 'attempting')) as open`,
        );
        expect(row?.open).toBe(0);
      },
      { timeout: RECOVERED_MS, interval: 100 },
    );
  }

  /** Per chat: what was asked, what arrived, and what we do not know. */
  async function ledger(firstChat: number) {
    const [row] = await database.query<{
      answered: number;
      dead: number;
      sent: number;
      unknown: number;
      owners: number;
    }>(
      `select (select count(*)::int from inbox where state = 'answered') as answered,
              (select count(*)::int from inbox where state = 'dead') as dead,
              (select count(*)::int from outbox where state = 'sent') as sent,
              (select count(*)::int from outbox where state = 'unknown') as unknown,
              (select count(distinct attempt_owner)::int from outbox) as owners`,
    );
    const arrivals = Array.from(
      { length: CHATS },
      (_, index) => standIn.sent(firstChat + index).length,
    );
    return { ...row, arrivals };
  }

  async function expectInOrder(): Promise<void> {
    const [row] = await database.query<{ disordered: number }>(
      `select count(*)::int as disordered from (
         select i.position, lag(i.position) over (partition by o.conversation_id order by o.network_message_id::bigint) as before
         from outbox o join inbox i on i.id = o.message_id where o.state = 'sent') sent
       where before > position`,
    );
    expect(row?.disordered).toBe(0);
  }

  it("answers everyone once and in order, with the work shared", async () => {
    everyoneWrites(1_000);
    await untilSettled();
    const seen = await ledger(1_000);
    expect(seen).toMatchObject({ answered: CHATS * MESSAGES_PER_CHAT, dead: 0, unknown: 0 });
    expect(seen.arrivals).toEqual(Array.from({ length: CHATS }, () => MESSAGES_PER_CHAT));
    expect(seen.owners).toBeGreaterThan(1);
    await expectInOrder();
  });

  it("loses nothing and repeats nothing when a worker is killed and Redis is emptied meanwhile", async () => {
    const before = await ledger(2_000);
    everyoneWrites(2_000);
    await standIn.waitForMessage(2_000 + CHATS - 1);
    await workers[0]?.kill();
    const inspector = new Redis(redis.url);
    await inspector.flushall();
    inspector.disconnect();
    await untilSettled();
    const seen = await ledger(2_000);
    const unknown = (seen.unknown ?? 0) - (before.unknown ?? 0);
    expect(seen).toMatchObject({
      answered: (before.answered ?? 0) + CHATS * MESSAGES_PER_CHAT,
      dead: 0,
    });
    // Whatever the dead worker had begun to send may have arrived or not, and is marked so.
    const arrived = seen.arrivals.reduce((sum, count) => sum + count, 0);
    expect(arrived).toBeLessThanOrEqual(CHATS * MESSAGES_PER_CHAT);
    expect(arrived + unknown).toBeGreaterThanOrEqual(CHATS * MESSAGES_PER_CHAT);
    expect(Math.max(...seen.arrivals)).toBeLessThanOrEqual(MESSAGES_PER_CHAT);
    await expectInOrder();
  });

  it("answers what Telegram repeats after the database was away, once", async () => {
    await postgres.crash();
    expect(gateway.hasEnded, gateway.logs().slice(-2_000)).toBe(false);
    const before = standIn.sent(3_000).length;
    const { deliveries } = standIn.deliveryCounts(bot);
    standIn.user(3_000).send("¿Quién registró la marca 3?", { bot });
    await vi.waitFor(
      () => expect(standIn.deliveryCounts(bot).deliveries).toBeGreaterThan(deliveries),
      30_000,
    );
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    await postgres.start();
    await standIn.waitForMessage(3_000, undefined, 60_000);
    await untilSettled();
    expect(standIn.sent(3_000).length - before).toBe(1);
  });
});
