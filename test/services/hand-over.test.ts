import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { DeskActor } from "../../src/core/desk.ts";
import type { ConversationId, TenantId } from "../../src/core/ids.ts";
import type { DueMessage } from "../../src/core/ledgers.ts";
import { createDeskStore } from "../../src/store/desk/create-desk-store.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addPerson, deskParts } from "../line/desk-line.ts";
import {
  addChats,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../line/tenant-line.ts";
import {
  startTelegramStandIn,
  type TelegramStandIn,
} from "../stand-ins/telegram/start-stand-in.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "./harness/pregonero.ts";
import { type EphemeralRedis, startRedis } from "./harness/redis.ts";
import { freePort } from "./harness/server-process.ts";

const RACES = 50;
const MINUTES = { minutes: 5, notice: undefined };

describe.skipIf(servicesMissing())("hand-over on PostgreSQL", () => {
  let postgres: EphemeralPostgres;
  let server: TestDatabase;
  /** As two processes have them: connections of their own. */
  let bots: Ledgers;
  let agents: Ledgers;
  let tenantId: TenantId;
  let bot: BotAccount;
  let ana: DeskActor;
  let berta: DeskActor;

  beforeAll(async () => {
    postgres = await startPostgres();
    server = await postgres.createDatabase();
    const key = randomBytes(32);
    const open = () => openServer({ url: server.url, maxConnections: 6 });
    bots = openLedgers(open(), key);
    await migrate(bots.database, "migrations");
    agents = openLedgers(open(), key);
    ({ tenantId, bot } = await addTenant(bots));
    ana = await addPerson(bots.database, tenantId);
    berta = await addPerson(bots.database, tenantId);
  });
  afterAll(async () => {
    await bots?.database.close();
    await agents?.database.close();
    await server?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  const deskOf = (ledgers: Ledgers) => createDeskStore(ledgers.database, ledgers.cipher);

  async function chats(count: number): Promise<readonly ConversationId[]> {
    const keys = Array.from({ length: count }, () => randomUUID());
    return addChats(bots, { tenantId, bot }, keys);
  }

  it("has one owner when two claim at once", async () => {
    for (const id of await chats(RACES)) {
      const outcomes = await Promise.all([
        deskOf(bots).claim(tenantId, id, ana, MINUTES),
        deskOf(agents).claim(tenantId, id, berta, MINUTES),
      ]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["claimed", "taken"]);
    }
  });

  it("never lets the bot answer after the claim's commit", async () => {
    let answered = 0;
    for (let race = 0; race < RACES; race++) {
      const chatKey = randomUUID();
      await bots.inbox.accept(tenantId, [{ bot, message: message(randomUUID(), chatKey) }]);
      const due = await nextOf(bots);
      const { conversationId } = due.lease;
      // Now the one first, now the other, and mostly both at once.
      const commit = async () => {
        if (race % 3 === 1) await new Promise((resolve) => setImmediate(resolve));
        return (await bots.conversations.commitAnswers([answer(due)]))[0];
      };
      const reply = { ...deskParts("le atiende Ana"), ...MINUTES, id: randomUUID() };
      const [committed, replied] = await Promise.all([
        commit(),
        deskOf(agents).reply(tenantId, conversationId, ana, reply),
      ]);
      expect(replied.kind).toBe("queued");
      const rows = await bots.database.asTenant(tenantId, (tx) =>
        tx.query<{ priority: number; state: string; reason: string | null }>(
          "select priority, state, reason from outbox where conversation_id = $1 order by position",
          [conversationId],
        ),
      );
      // Whatever the bot had queued before the claim was taken back with it.
      expect(rows.filter(({ state }) => state === "queued")).toEqual([
        { priority: 0, state: "queued", reason: null },
      ]);
      if (committed === "handed-over") {
        expect(rows).toHaveLength(1);
        const again = await nextOf(bots);
        expect(again.hold.isHeld).toBe(true);
        await bots.conversations.commitAnswers([answer(again, 0, { turns: [] })]);
      } else {
        answered += 1;
        expect(committed).toBe("done");
        expect(rows).toContainEqual({ priority: 1, state: "failed", reason: "handed-over" });
      }
    }
    expect(answered).toBeLessThanOrEqual(RACES);
  });
});

/** The one message that is due. */
async function nextOf(ledgers: Ledgers): Promise<DueMessage> {
  const { due } = await ledgers.conversations.readDue(
    await ledgers.conversations.claim("w", 10, 30_000),
  );
  const [first] = due;
  if (first === undefined) throw new Error("Nothing is due.");
  return first;
}

const TOKEN = "7000003:hand-over-suite";
const FIRST_CHAT = 8_000;
const CHATS = 24;

describe.skipIf(servicesMissing())("replies by a person, and workers that are killed", () => {
  let postgres: EphemeralPostgres;
  let redis: EphemeralRedis;
  let server: TestDatabase;
  let standIn: TelegramStandIn;
  let ledgers: Ledgers;
  let env: Record<string, string>;
  const processes: PregoneroProcess[] = [];

  async function start(roles: string, more: Record<string, string> = {}) {
    const process = await spawnPregonero({ roles, env: { ...env, ...more } });
    processes.push(process);
    return process;
  }

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    server = await postgres.createDatabase();
    standIn = await startTelegramStandIn();
    const standInBot = standIn.addBot(TOKEN, { username: "pregonero_hand_over_bot" });
    const [port, key] = [await freePort(), randomBytes(32)];
    env = {
      DATABASE_URL: server.url,
      REDIS_URL: redis.url,
      SECRET_KEY: key.toString("hex"),
      TELEGRAM_API_ROOT: standIn.apiRoot,
    };
    const gateway = await start("api,scheduler", {
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      TELEGRAM_BOT_TOKEN: TOKEN,
    });
    await gateway.waitUntilReady();
    await standIn.waitForCall("setWebhook");
    for (let chat = FIRST_CHAT; chat < FIRST_CHAT + CHATS; chat++) {
      standIn.user(chat, { languageCode: "es" }).open(standInBot);
    }
    ledgers = openLedgers(openServer({ url: server.url, maxConnections: 4 }), key);
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await ledgers?.database.close();
    await standIn?.close();
    await server?.drop();
    await Promise.all([postgres?.stop(), redis?.stop()]);
    expectNoServers();
  });

  it("sends each at most once, and marks what nobody can know", async () => {
    const found = (await ledgers.bots.listActive()).find(({ channel }) => channel === "telegram");
    if (found === undefined) throw new Error("The gateway has added no bot.");
    const { tenantId } = found;
    const keys = Array.from({ length: CHATS }, (_, index) => String(FIRST_CHAT + index));
    const conversations = await addChats(ledgers, { tenantId, bot: found }, keys);
    const ana = await addPerson(ledgers.database, tenantId);
    const desk = createDeskStore(ledgers.database, ledgers.cipher);
    const part = { kind: "text", text: "Soy una persona", entities: [], buttonRows: [] };
    for (const id of conversations) {
      const parts = { ...deskParts("Soy una persona"), parts: [part] };
      await desk.reply(tenantId, id, ana, { ...parts, ...MINUTES, id: randomUUID() });
    }
    const first = await start("worker");
    await standIn.waitForCall("sendMessage", undefined, 120_000);
    await first.kill();
    await start("worker");
    const states = async () =>
      server.query<{ state: string; n: number }>(
        "select state, count(*)::int as n from outbox where priority = 0 group by state order by state",
      );
    await vi.waitFor(
      async () => {
        const open = (await states()).filter(({ state }) => /queued|attempting/.test(state));
        expect(open).toEqual([]);
      },
      { timeout: 150_000, interval: 500 },
    );
    const counts = keys.map((key) => standIn.sent(Number(key)).length);
    expect(Math.max(...counts)).toBe(1);
    const byState = new Map((await states()).map(({ state, n }) => [state, n]));
    const [sent = 0, unknown = 0] = [byState.get("sent"), byState.get("unknown")];
    expect(sent + unknown).toBe(CHATS);
    const arrived = counts.filter((count) => count === 1).length;
    expect(arrived).toBeGreaterThanOrEqual(sent);
    expect(arrived).toBeLessThanOrEqual(sent + unknown);
  }, 240_000);
});
