import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ALL_BROADCASTS,
  addBot,
  addChats,
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import type { BotAccount, SendOutcome } from "../../core/channel.ts";
import type { Letter, PauseScope } from "../../core/operations.ts";
import { createConversations } from "../conversations.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createLetters } from "./letters.ts";
import { createPauses } from "./pauses.ts";
import { createQueues } from "./queues.ts";

const BY = { actor: "person:op", origin: { ip: "192.0.2.1", userAgent: "", requestId: "r-1" } };

let database: Database;
let line: Ledgers;
let tenant: Awaited<ReturnType<typeof addTenant>>;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.asOwner((tx) =>
    tx.query("truncate outbox, inbox, conversation, audit, pause cascade"),
  );
  await database.asOwner((tx) => tx.query("update bot set state = 'removed'"));
  tenant = await addTenant(line);
});

const pauses = () => createPauses(database);
const queues = () => createQueues(database);
const letters = () =>
  createLetters(database, line.cipher, (_, text) =>
    (text.match(/.{1,40}/g) ?? []).map((piece) => ({ kind: "text", text: piece })),
  );

async function accept(bot: BotAccount, ...keys: string[]): Promise<void> {
  await line.inbox.accept(
    bot.tenantId,
    keys.map((key) => ({ bot, message: message(key, `chat ${key[0]}`) })),
  );
}
const claim = () => line.conversations.claim("a", 10, 30_000);

/** Answers everything that is due; returns the update keys in the order in which they were answered. */
async function answerAll(): Promise<string[]> {
  const answered: string[] = [];
  for (;;) {
    const { due } = await line.conversations.readDue(await claim());
    if (due.length === 0) return answered;
    await line.conversations.commitAnswers(due.map((one) => answer(one)));
    answered.push(...due.map((one) => one.message.updateKey));
  }
}
const claimParts = async () => (await line.outbox.claim("a", 10, ALL_BROADCASTS)).parts;
async function settleAll(outcome: SendOutcome): Promise<number> {
  const parts = await claimParts();
  await line.outbox.settle(parts.map((due) => ({ due, outcome, retryAfterMs: undefined })));
  return parts.length;
}
const pause = (scope: PauseScope, stopsAnswers: boolean, stopsSending: boolean) =>
  pauses().set(scope, { stopsAnswers, stopsSending, isPlatforms: true, reason: "maintenance" }, BY);
const SENT = { kind: "sent", networkMessageId: "n1" } as const;
const REFUSED = { kind: "refused", reason: "bad-entities", retry: "never" } as const;

describe("a pause", () => {
  it.each([
    ["a bot", ({ bot }: typeof tenant) => ({ tenantId: bot.tenantId, botId: bot.botId })],
    ["a tenant", ({ bot }: typeof tenant) => ({ tenantId: bot.tenantId })],
    ["a channel", () => ({ channel: "telegram" as const })],
    ["the installation", () => ({})],
  ])(
    "of %s takes messages in, answers none, and answers them in order when it is lifted",
    async (_, scopeOf) => {
      const { id } = await pause(scopeOf(tenant), true, true);
      await accept(tenant.bot, "a1", "a2", "a3");
      expect(await claim()).toEqual([]);
      expect(await queues().list(tenant.tenantId)).toMatchObject([
        {
          inbox: { count: 3 },
          held: [{ kind: "paused", pauseId: id, what: "answers" }, { what: "sending" }],
        },
      ]);
      expect(await pauses().lift(id, undefined, BY)).toBe(true);
      expect(await answerAll()).toEqual(["a1", "a2", "a3"]);
    },
  );

  it("stands in the passports of the messages that met it, without who ordered it and why", async () => {
    const other = await addTenant(line);
    const timeline = async (bot: BotAccount, key: string) => {
      const [passport] = await line.passports.find(bot.tenantId, key);
      return passport?.events.map(({ kind }) => kind);
    };
    await accept(tenant.bot, "a1");
    const { id } = await pause({ tenantId: tenant.tenantId, botId: tenant.bot.botId }, true, false);
    await accept(tenant.bot, "a2");
    await accept(other.bot, "b1");
    expect(await timeline(tenant.bot, "a1")).toEqual(["received", "paused"]);
    await pauses().lift(id, undefined, BY);
    await pause({ channel: "web-chat" }, true, true);
    await answerAll();
    await settleAll(SENT);
    await accept(tenant.bot, "a3");
    expect((await timeline(tenant.bot, "a2"))?.slice(0, 3)).toEqual([
      "received",
      "paused",
      "resumed",
    ]);
    expect(await timeline(tenant.bot, "a3")).toEqual(["received"]);
    expect(await timeline(other.bot, "b1")).not.toContain("paused");
    const [passport] = await line.passports.find(tenant.tenantId, "a2");
    expect(passport?.events[1]?.detail).toEqual({ stops: "answers", since: expect.any(String) });
    expect(JSON.stringify(passport)).not.toMatch(/maintenance|person:op/);
  });

  it("leaves the other bots, tenants and channels alone", async () => {
    const other = await addTenant(line);
    const web = await addBot(line, tenant.tenantId, { channel: "web-chat" });
    await pause({ tenantId: tenant.tenantId, botId: tenant.bot.botId }, true, true);
    await accept(other.bot, "b1");
    await accept(web, "w1");
    await accept(tenant.bot, "a1");
    expect((await answerAll()).sort()).toEqual(["b1", "w1"]);
    await pause({ channel: "web-chat" }, true, false);
    await accept(web, "w2");
    expect(await answerAll()).toEqual([]);
  });

  it("that drains lets what is answered go out, and answers nothing more", async () => {
    await accept(tenant.bot, "a1");
    await answerAll();
    await pause({ tenantId: tenant.tenantId }, true, false);
    await accept(tenant.bot, "a2");
    expect(await answerAll()).toEqual([]);
    expect(await settleAll(SENT)).toBe(1);
  });

  it("of sending holds replies and broadcasts of all kinds of bots back, and answers on", async () => {
    const held = await addBot(line, tenant.tenantId, { channel: "whatsapp-web", isHeld: true });
    const [chat] = await addChats(line, tenant, ["9"]);
    await pause({ tenantId: tenant.tenantId }, false, true);
    await accept(tenant.bot, "a1");
    await accept(held, "h1");
    expect((await answerAll()).sort()).toEqual(["a1", "h1"]);
    await line.outbox.broadcast(tenant.tenantId, chat === undefined ? [] : [chat], [{ text: "x" }]);
    expect(await claimParts()).toEqual([]);
    const [own] = await pauses().list(tenant.tenantId);
    await pauses().lift(own?.id ?? "", undefined, BY);
    expect(await settleAll(SENT)).toBe(2);
  });

  it("of the platform is not the tenant's to lift, and the tenant's own is", async () => {
    const platforms = await pause({ tenantId: tenant.tenantId }, true, true);
    const own = await pauses().set(
      { tenantId: tenant.tenantId },
      { stopsAnswers: true, stopsSending: false, isPlatforms: false, reason: "holiday" },
      BY,
    );
    expect(await pauses().lift(platforms.id, tenant.tenantId, BY)).toBe(false);
    expect(await pauses().lift(own.id, (await addTenant(line)).tenantId, BY)).toBe(false);
    expect(await pauses().lift(own.id, tenant.tenantId, BY)).toBe(true);
    expect(await pauses().list(tenant.tenantId)).toEqual([platforms]);
  });

  it("of a bot of another tenant is refused as one of none", async () => {
    const other = await addTenant(line);
    await expect(
      pause({ tenantId: tenant.tenantId, botId: other.bot.botId }, true, true),
    ).rejects.toMatchObject({ code: "not-found" });
  });

  it("is audited with who, why and in which request", async () => {
    const { id } = await pause({ tenantId: tenant.tenantId }, true, true);
    await pauses().lift(id, undefined, BY);
    const rows = await database.asTenant(tenant.tenantId, (tx) =>
      tx.query(
        "select actor, action, subject, detail from audit where action like 'line-%' order by id",
      ),
    );
    expect(rows).toMatchObject([
      { actor: "person:op", action: "line-paused", subject: id, detail: { requestId: "r-1" } },
      { action: "line-resumed" },
    ]);
  });
});

describe("new conversations", () => {
  it("wait behind known ones, and are answered all the same", async () => {
    await accept(tenant.bot, "k1");
    await answerAll();
    const spared = createConversations(database, line.cipher, () => true);
    await accept(tenant.bot, "n1", "m1", "p1", "k2");
    const keysOf = async (places: number) => {
      const leases = await spared.claim("a", places, 30_000);
      const { due } = await spared.readDue(leases);
      await spared.commitAnswers(due.map((one) => answer(one)));
      return due.map((one) => one.message.updateKey);
    };
    expect(await keysOf(2)).toEqual(["k2"]);
    expect(await keysOf(4)).toHaveLength(2);
    expect(await keysOf(4)).toHaveLength(1);
  });
});

describe("the queues", () => {
  it("tell depth, age and rates by bot and stage, over all tenants or of one", async () => {
    const other = await addTenant(line);
    await accept(other.bot, "b1");
    await accept(tenant.bot, "a1", "c1");
    await line.conversations.claim("a", 1, 30_000);
    await accept(tenant.bot, "d1");
    const all = await queues().list(undefined);
    expect(all.filter(({ inbox }) => inbox.count > 0)).toHaveLength(2);
    const [own] = await queues().list(tenant.tenantId);
    expect(own).toMatchObject({
      botId: tenant.bot.botId,
      inbox: { count: 3, oldestAt: expect.any(Date) },
      perMinute: { received: 3 / 5, answered: 0, sent: 0 },
      held: [],
    });
    expect(all.reduce((sum, { answering }) => sum + answering, 0)).toBe(1);
    await answerAll();
    expect(await queues().list(tenant.tenantId)).toMatchObject([
      { outbox: { reply: { count: expect.any(Number) } }, perMinute: { sent: 0 } },
    ]);
  });

  it("do not take what is paused for pressure", async () => {
    await accept(tenant.bot, "a1", "b1");
    expect(await queues().pressure()).toMatchObject({ waiting: 2 });
    await pause({}, true, true);
    expect(await queues().pressure()).toEqual({ waiting: 0, waitSeconds: 0 });
  });
});

describe("dead letters", () => {
  async function refusedPart(): Promise<Letter> {
    await accept(tenant.bot, "a1");
    await answerAll();
    await settleAll(REFUSED);
    const { entries } = await letters().list(tenant.tenantId, {}, { after: undefined, limit: 10 });
    const [letter] = entries;
    if (letter === undefined) throw new Error("there is no letter");
    return letter;
  }

  it("of a refused part tell why, and its text only to who asks for it, which is audited", async () => {
    const letter = await refusedPart();
    expect(letter).toMatchObject({
      kind: "part",
      state: "dead",
      reason: "bad-entities",
      attempts: 1,
    });
    expect(JSON.stringify(letter)).not.toContain("parte");
    expect(await letters().read(letter, BY)).toEqual({ text: "parte 0", isEditable: true });
    const [row] = await database.asTenant(tenant.tenantId, (tx) =>
      tx.query("select action, detail from audit where action = 'dead-letter-read'"),
    );
    expect(row).toMatchObject({ detail: { requestId: "r-1" } });
  });

  it("are sent again with the text that a person corrected", async () => {
    const letter = await refusedPart();
    expect(await letters().edit(letter, "corregido", BY)).toBe("done");
    expect(await letters().replay(letter, BY)).toBe("done");
    expect((await claimParts()).map(({ part }) => part)).toEqual([
      { kind: "text", text: "corregido" },
    ]);
    expect(await letters().replay(letter, BY)).toBe("gone");
  });

  it("take no text that does not fit one message", async () => {
    const letter = await refusedPart();
    await expect(letters().edit(letter, "x".repeat(41), BY)).rejects.toMatchObject({
      code: "text-too-long",
    });
  });

  it("that are skipped with a reason wait for nobody", async () => {
    const letter = await refusedPart();
    expect(await letters().skip(letter, "told by phone", BY)).toBe("done");
    expect(await letters().skip(letter, "again", BY)).toBe("gone");
    expect(await letters().find(tenant.tenantId, letter.id)).toBeUndefined();
    expect(await claimParts()).toEqual([]);
  });

  it("of another tenant are not there", async () => {
    const letter = await refusedPart();
    const { tenantId } = await addTenant(line);
    expect(await letters().find(tenantId, letter.id)).toBeUndefined();
    expect(await letters().find(undefined, letter.id)).toEqual(letter);
    expect(await letters().find(undefined, "' or true --")).toBeUndefined();
  });

  it("of a message are answered after all, or dropped with a reason", async () => {
    await accept(tenant.bot, "a1");
    const { due } = await line.conversations.readDue(await claim());
    await line.conversations.commitFailures(
      due.map((one) => ({
        due: one,
        reason: "poison",
        retryAfterMs: undefined,
        parts: [],
        events: [],
      })),
    );
    const [letter] = (
      await letters().list(undefined, { reason: "poison" }, { after: undefined, limit: 5 })
    ).entries;
    if (letter === undefined) throw new Error("there is no letter");
    expect(await letters().read(letter, BY)).toMatchObject({ text: "pregunta a1" });
    expect(await letters().edit(letter, "x", BY)).toBe("gone");
    expect(await letters().replay(letter, BY)).toBe("done");
    expect(await answerAll()).toEqual(["a1"]);
  });

  it("come page by page, each once", async () => {
    await accept(tenant.bot, ..."abcdefghij");
    const { due } = await line.conversations.readDue(await claim());
    await line.conversations.commitAnswers(due.map((one) => answer(one)));
    await settleAll({ kind: "unknown", reason: "timeout" });
    const seen: string[] = [];
    let after: Parameters<ReturnType<typeof letters>["list"]>[2]["after"];
    do {
      const page = await letters().list(tenant.tenantId, { kind: "part" }, { after, limit: 3 });
      seen.push(...page.entries.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toHaveLength(10);
    expect(new Set(seen).size).toBe(10);
    expect(await line.outbox.claim("a", 10, NO_BROADCASTS)).toMatchObject({ parts: [] });
  });
});
