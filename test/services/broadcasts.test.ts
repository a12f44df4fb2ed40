import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { ConversationId } from "../../src/core/ids.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addChats, type Ledgers, openLedgers } from "../line/tenant-line.ts";
import {
  type StandInBot,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "./harness/pregonero.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";
import { freePort } from "./harness/server-process.ts";

const TOKEN = "7000002:broadcast-suite";
const FIRST_CHAT = 5_000;
const CHATS = 200;
/** Telegram's `bulk` in bots/telegram/telegram-channel.ts: so many at once, one more each interval. */
const BURST = 4;
const INTERVAL_MS = 40;

describe.skipIf(servicesMissing())("a broadcast by three workers on PostgreSQL and Redis", () => {
  let postgres: EphemeralPostgres;
  let redis: EphemeralRedis;
  let database: TestDatabase;
  let standIn: TelegramStandIn;
  let standInBot: StandInBot;
  let ledgers: Ledgers;
  let bot: BotAccount;
  let conversations: readonly ConversationId[];
  let env: Record<string, string>;
  const processes: PregoneroProcess[] = [];

  async function startWorker(): Promise<PregoneroProcess> {
    const worker = await spawnPregonero({ roles: "worker", env });
    processes.push(worker);
    await worker.printed(/roles-started|Pregonero runs/);
    return worker;
  }

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    database = await postgres.createDatabase();
    standIn = await startTelegramStandIn({ limits: true });
    standInBot = standIn.addBot(TOKEN, { username: "pregonero_broadcast_bot" });
    const [port, key] = [await freePort(), randomBytes(32)];
    env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SECRET_KEY: key.toString("hex"),
      TELEGRAM_API_ROOT: standIn.apiRoot,
    };
    const publicUrl = `http://127.0.0.1:${port}`;
    const gateway = await spawnPregonero({
      roles: "api,scheduler",
      env: { ...env, PORT: String(port), PUBLIC_URL: publicUrl, TELEGRAM_BOT_TOKEN: TOKEN },
    });
    processes.push(gateway);
    await gateway.waitUntilReady();
    await standIn.waitForCall("setWebhook");
    ledgers = openLedgers(openServer({ url: database.url, maxConnections: 2 }), key);
    const [found] = (await ledgers.bots.listActive()).filter(
      ({ channel }) => channel === "telegram",
    );
    if (found === undefined) throw new Error("The gateway has added no bot.");
    bot = found;
    const chats = Array.from({ length: CHATS }, (_, index) => FIRST_CHAT + index);
    for (const chat of chats) standIn.user(chat, { languageCode: "es" }).open(standInBot);
    // Nobody answers yet: these wrote long ago.
    conversations = await addChats(ledgers, { tenantId: bot.tenantId, bot }, chats.map(String));
    await Promise.all([startWorker(), startWorker(), startWorker()]);
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await ledgers?.database.close();
    await standIn?.close();
    await database?.drop();
    await Promise.all([postgres?.stop(), redis?.stop()]);
    expectNoServers();
  });

  const countQueued = async () => {
    const [row] = await database.query<{ n: number }>(
      "select count(*)::int as n from outbox where priority = 2 and state = 'queued'",
    );
    return row?.n ?? 0;
  };

  it("keeps the bot's pace over all processes and a kill, and lets replies pass", async () => {
    await ledgers.outbox.broadcast(bot.tenantId, conversations, [
      { kind: "text", text: "Aviso", entities: [], buttonRows: [] },
    ]);
    await standIn.waitForCall("sendMessage", ({ status }) => status === 200);
    // One whose broadcast waits, and one who gets none.
    const asks = [FIRST_CHAT + CHATS - 1, FIRST_CHAT + CHATS].map((chat) => {
      standIn.user(chat, { languageCode: "es" }).send("/ayuda", { bot: standInBot });
      return standIn.waitForMessage(chat, ({ text }) => text !== "Aviso");
    });
    await Promise.all(asks);
    expect(await countQueued()).toBeGreaterThan(0);
    await processes[1]?.kill();
    await startWorker();
    await vi.waitFor(async () => expect(await countQueued()).toBe(0), { timeout: 60_000 });

    const attempts = await database.query<{ at_ms: number; owner: string }>(
      `select extract(epoch from e.happened_at)::float8 * 1000 as at_ms, o.attempt_owner as owner
       from passport_event e join outbox o on o.id = e.message_id
       where o.priority = 2 and e.kind = 'attempting' order by e.happened_at`,
    );
    expect(attempts.length).toBeGreaterThanOrEqual(CHATS);
    for (const [index, { at_ms }] of attempts.entries()) {
      const later = attempts[index + BURST];
      if (later) expect(later.at_ms - at_ms).toBeGreaterThan(INTERVAL_MS - 0.1);
    }
    expect(new Set(attempts.map(({ owner }) => owner)).size).toBeGreaterThan(1);
    const arrived = Array.from(
      { length: CHATS },
      (_, index) => standIn.sent(FIRST_CHAT + index).filter(({ text }) => text === "Aviso").length,
    );
    expect(Math.max(...arrived)).toBe(1);
  });
});
