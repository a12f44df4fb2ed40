import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BotAccount } from "../core/channel.ts";
import { asId, type TenantId } from "../core/ids.ts";
import { createBotStore } from "./bots.ts";
import { createConversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { createCipher } from "./encryption.ts";
import { createInbox } from "./inbox.ts";
import { readLineTroubles } from "./line-troubles.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const cipher = createCipher([randomBytes(32)]);
let database: Database;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
});
afterAll(() => database.close());

async function addBot(slug: string, name: string): Promise<BotAccount> {
  const tenantId = asId<TenantId>(randomUUID());
  await database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Test')", [tenantId, slug]),
  );
  return createBotStore(database, cipher).insert(
    tenantId,
    {
      channel: "telegram",
      name,
      botKey: randomUUID(),
      accountKey: randomUUID(),
      secrets: { token: "1:a" },
      settings: {},
    },
    "test",
  );
}

/** One message taken in and leased, for the bot to answer or give up. */
async function takeIn(bot: BotAccount, updateKey: string) {
  await createInbox(database, cipher).accept(bot.tenantId, [
    {
      bot,
      message: {
        updateKey,
        chat: { key: updateKey, kind: "private" },
        sender: { key: updateKey, displayName: "Ana" },
        sentAt: "2024-04-15T12:00:00.000Z",
        isAddressed: true,
        content: { kind: "text", text: "¿Qué se publicó?" },
      },
    },
  ]);
  const conversations = createConversations(database, cipher);
  const { due } = await conversations.readDue(await conversations.claim("a", 10, 30_000));
  const [first] = due;
  if (first === undefined) throw new Error("nothing is due");
  return first;
}

it("finds nothing where all is well", async () => {
  await addBot("healthy", "well");
  expect(await readLineTroubles(database)).toEqual({
    refusedBots: [],
    pausedBots: [],
    deadLetters: [],
    unknownSends: [],
  });
});

it("names the bots of every tenant that are refused or paused, and no longer when that ended", async () => {
  const [refused, paused] = [await addBot("one", "revoked"), await addBot("two", "hurried")];
  await createBotStore(database, cipher).markNeedsAuth(refused);
  const pause = (bot: BotAccount, until: string) =>
    database.asTenant(bot.tenantId, (tx) =>
      tx.query(`update bot set paused_until = ${until} where id = $1`, [bot.botId]),
    );
  await pause(paused, "now() + interval '1 hour'");
  const troubles = await readLineTroubles(database);
  const named = { channel: "telegram" };
  expect(troubles.refusedBots).toEqual([
    {
      bot: { ...named, tenant: "one", name: "revoked", botId: refused.botId },
      since: expect.any(Date),
    },
  ]);
  expect(troubles.pausedBots).toEqual([
    {
      bot: { ...named, tenant: "two", name: "hurried", botId: paused.botId },
      until: expect.any(Date),
    },
  ]);
  await pause(paused, "now() - interval '1 second'");
  await createBotStore(database, cipher).remove(refused.tenantId, refused.botId, "test");
  expect(await readLineTroubles(database)).toMatchObject({ refusedBots: [], pausedBots: [] });
});

it("tells what was given up and what is unknown, by bot and reason, with the latest one's id", async () => {
  const bot = await addBot("three", "busy");
  const conversations = createConversations(database, cipher);
  const giveUp = async (updateKey: string) => {
    const due = await takeIn(bot, updateKey);
    await conversations.commitFailures([
      { due, reason: "poison", retryAfterMs: undefined, parts: [], events: [] },
    ]);
    return due.messageId;
  };
  await giveUp("1");
  const latest = await giveUp("2");
  const due = await takeIn(bot, "3");
  await conversations.commitAnswers([
    {
      due,
      turns: [],
      memory: due.memory,
      parts: [{ text: "parte" }],
      pace: { intervalMs: 1_000, burst: 3 },
      effects: [],
      events: [],
    },
  ]);
  await database.asTenant(bot.tenantId, (tx) =>
    tx.query("update outbox set state = 'unknown', reason = 'process-died', settled_at = now()"),
  );

  const { deadLetters, unknownSends } = await readLineTroubles(database);
  const named = { tenant: "three", name: "busy", channel: "telegram", botId: bot.botId };
  const since = expect.any(Date);
  expect(deadLetters).toEqual([
    { bot: named, reason: "poison", count: 2, since, exampleId: latest },
  ]);
  expect(unknownSends).toEqual([
    { bot: named, reason: "process-died", count: 1, since, exampleId: due.messageId },
  ]);
});
