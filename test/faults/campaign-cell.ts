import { randomBytes } from "node:crypto";
import { systemClock } from "../../src/core/clock.ts";
import type { ContactId } from "../../src/core/ids.ts";
import { createApiKeys } from "../../src/store/api-keys.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addChats, openLedgers } from "../line/tenant-line.ts";
import type { EphemeralPostgres } from "../services/harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "../services/harness/pregonero.ts";
import { startRedis } from "../services/harness/redis.ts";
import { freePort } from "../services/harness/server-process.ts";
import { startTelegramStandIn } from "../stand-ins/telegram/start-stand-in.ts";

const TOKEN = "7000003:campaign-table";
const FIRST_CHAT = 1_000_000;
/** Chats of citizens who ask something meanwhile: each asks once. */
const FIRST_PROBE = 9_000_000;
const WORKERS = 3;
const BLOCKED_SHARE = 0.03;
const SLOWED_SHARE = 0.01;

interface ChatRow {
  readonly contact_id: ContactId;
  readonly chat: Buffer;
  readonly chat_hash: Buffer;
}

export type CampaignCell = Awaited<ReturnType<typeof openCampaignCell>>;

/**
 * The product on PostgreSQL and Redis as it is deployed (one gateway, three workers), before a Telegram that keeps to
 * its limits: `contacts` people, of whom 3 in 100 have blocked the bot and 1 in 100 gets a 429 with retry_after first.
 */
export async function openCampaignCell(postgres: EphemeralPostgres, contacts: number) {
  const redis = await startRedis();
  const database = await postgres.createDatabase();
  const standIn = await startTelegramStandIn({ limits: true, historyLimit: 200_000 });
  const standInBot = standIn.addBot(TOKEN, { username: "pregonero_campaign_bot" });
  const [port, key] = [await freePort(), randomBytes(32)];
  const env = {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    SECRET_KEY: key.toString("hex"),
    TELEGRAM_API_ROOT: standIn.apiRoot,
    SAMPLE_DATA: "off",
  };
  const gateway = await spawnPregonero({
    roles: "api,scheduler",
    env: {
      ...env,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_BOT_TOKEN: TOKEN,
    },
  });
  await gateway.waitUntilReady();
  await standIn.waitForCall("setWebhook", () => true, 60_000);
  const workers: PregoneroProcess[] = [];
  const startWorker = async () => {
    const worker = await spawnPregonero({ roles: "worker", env });
    workers.push(worker);
    await worker.printed(/roles-started/);
  };
  const ledgers = openLedgers(openServer({ url: database.url, maxConnections: 2 }), key);
  const [bot] = (await ledgers.bots.listActive()).filter(({ channel }) => channel === "telegram");
  if (bot === undefined) throw new Error("The gateway has added no bot.");
  const { tenantId } = bot;
  const chats = Array.from({ length: contacts }, (_, n) => FIRST_CHAT + n);
  for (const chat of chats) standIn.user(chat, { languageCode: "es" }).open(standInBot);
  const chatOf = new Map<ContactId, number>();
  for (let start = 0; start < contacts; start += 500) {
    const some = chats.slice(start, start + 500).map(String);
    const conversations = await addChats(ledgers, { tenantId, bot }, some);
    const rows = await database.query<ChatRow>(
      "select contact_id, chat, chat_hash from conversation where id = any($1::uuid[])",
      [conversations],
    );
    for (const { contact_id, chat, chat_hash } of rows) {
      const rowId = chat_hash.toString("hex");
      const place = { tenantId, table: "conversation", column: "chat", rowId };
      chatOf.set(contact_id, Number(ledgers.cipher.decrypt(place, chat)));
    }
  }
  const blocked = chats.filter((_, n) => n % Math.round(1 / BLOCKED_SHARE) === 7);
  const slowed = chats.filter((_, n) => n % Math.round(1 / SLOWED_SHARE) === 11);
  const refuse = (chatId: number, code: number, description: string, retryAfter?: number) =>
    standIn.faults.add({
      method: "sendMessage",
      chatId,
      times: retryAfter === undefined ? Number.POSITIVE_INFINITY : 1,
      effect: {
        kind: "refuse",
        code,
        description,
        ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }),
      },
    });
  for (const chat of blocked) refuse(chat, 403, "Forbidden: bot was blocked by the user");
  for (const chat of slowed) refuse(chat, 429, "Too Many Requests: retry after 1", 1);
  const keys = createApiKeys(ledgers.database, systemClock);
  const { key: apiKey } = await keys.create(tenantId, "campaign table", ["campaigns"]);
  await database.query(
    "insert into campaign_policy (tenant_id, approval_above) values ($1, 1000000)",
    [tenantId],
  );
  await Promise.all(Array.from({ length: WORKERS }, startWorker));

  const replacements: Promise<void>[] = [];
  let probes = 0;
  return {
    standIn,
    database,
    bot,
    /** Contact → chat of the network. */
    chatOf: chatOf as ReadonlyMap<ContactId, number>,
    blocked: new Set(blocked),
    slowed: slowed.length,
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(`${gateway.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return {
        etag: response.headers.get("etag") ?? "",
        json: text === "" ? {} : JSON.parse(text),
      };
    },
    /** A citizen who never wrote asks; resolves with the milliseconds to the first word of the reply. */
    async probe(): Promise<number> {
      const chat = FIRST_PROBE + probes++;
      const startedAt = performance.now();
      standIn.user(chat, { languageCode: "es" }).send("/ayuda", { bot: standInBot });
      await standIn.waitForMessage(chat, () => true, 60_000);
      return performance.now() - startedAt;
    },
    /** kill -9, and another begins to take its place. */
    async killWorker(): Promise<void> {
      await workers.find((worker) => !worker.hasEnded)?.kill();
      replacements.push(startWorker());
    },
    async close(): Promise<void> {
      await Promise.all(replacements);
      await Promise.all([...workers, gateway].map((process) => process.stop()));
      await ledgers.database.close();
      await standIn.close();
      await database.drop();
      await redis.stop();
    },
  };
}
