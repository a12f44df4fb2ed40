import http from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTelegramChannel } from "../../bots/telegram/telegram-channel.ts";
import type { BotAccount, Channel } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";

let site: SiteUnderTest;
let url: string;
let close: () => Promise<void>;

beforeAll(async () => {
  site = await startSite();
  const channels = new Map<BotAccount["channel"], Channel>([["telegram", telegramChannel()]]);
  ({ url, close } = await site.variant({ channels }));
});
afterAll(async () => {
  await close();
  await site.close();
});

const SECRET = { "x-telegram-bot-api-secret-token": "s3cret" };

/** An update as Telegram posts it (Bot API, Update). */
function update(updateId: number) {
  const person = { id: 77, is_bot: false, first_name: "Ana", language_code: "es" };
  return {
    update_id: updateId,
    message: {
      message_id: updateId,
      date: 1_713_182_400,
      from: person,
      chat: { id: 77, type: "private", first_name: "Ana" },
      text: "¿Qué se publicó?",
    },
  };
}

function deliver(
  body: string | Buffer,
  headers: http.OutgoingHttpHeaders = SECRET,
  path = `/webhooks/telegram/${site.telegramBot.botKey}`,
  method = "POST",
): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.once("error", reject);
    request.end(body);
  });
}

async function inboxSize(): Promise<number> {
  const [row] = await site.database.asTenant(site.tenantId, (tx) =>
    tx.query<{ count: string }>("select count(*) as count from inbox"),
  );
  return Number(row?.count);
}

describe("the Telegram webhook", () => {
  it("has the update in the inbox when it says 200, with nothing in the body", async () => {
    const before = await inboxSize();
    const response = await deliver(JSON.stringify(update(1)));
    expect(response).toMatchObject({ status: 200, body: "" });
    expect(response.headers).not.toHaveProperty("set-cookie");
    expect(await inboxSize()).toBe(before + 1);
  });

  it("stores an update that is delivered twenty times at once a single time", async () => {
    const before = await inboxSize();
    const body = JSON.stringify(update(2));
    const responses = await Promise.all(Array.from({ length: 20 }, () => deliver(body)));
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await inboxSize()).toBe(before + 1);
  });

  it.each<[string, http.OutgoingHttpHeaders]>([
    ["no secret", {}],
    ["an empty secret", { "x-telegram-bot-api-secret-token": "" }],
    ["a wrong secret", { "x-telegram-bot-api-secret-token": "s3creT" }],
    ["a longer secret", { "x-telegram-bot-api-secret-token": "s3cret-and-more" }],
    ["the secret twice", { "x-telegram-bot-api-secret-token": ["s3cret", "s3cret"] }],
    ["the right and a wrong one", { "x-telegram-bot-api-secret-token": ["s3cret", "x"] }],
  ])("says 401 to %s before it parses the body", async (_, headers) => {
    const before = await inboxSize();
    for (const body of [JSON.stringify(update(3)), "{not json", "[".repeat(100_000)]) {
      expect((await deliver(body, headers)).status).toBe(401);
    }
    expect(await inboxSize()).toBe(before);
  });

  it.each<[string, string | Buffer]>([
    ["no body", ""],
    ["broken JSON", "{"],
    ["JSON that is no update", "[]"],
    ["an update without an id", '{"message":{}}'],
    ["JSON 10,000 levels deep", "[".repeat(10_000) + "]".repeat(10_000)],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ["a polluted prototype", '{"__proto__":{"update_id":1}}'],
  ])("says 400 to %s", async (_, body) => {
    const before = await inboxSize();
    expect((await deliver(body)).status).toBe(400);
    expect(await inboxSize()).toBe(before);
    expect(({} as { update_id?: unknown }).update_id).toBeUndefined();
  });

  it("says 413 to more than 1 MB", async () => {
    expect((await deliver(Buffer.alloc(1024 * 1024 + 1, "a"))).status).toBe(413);
    expect((await deliver(Buffer.alloc(1024 * 1024, "a"))).status).toBe(400);
  });

  it("says 404 to a bot that is not there, is of another network, or to another path", async () => {
    const body = JSON.stringify(update(4));
    for (const path of [
      "/webhooks/telegram/unknown",
      `/webhooks/telegram/${site.bot.botKey}`,
      `/webhooks/web-chat/${site.bot.botKey}`,
      `/webhooks/whatsapp/${site.telegramBot.botKey}`,
      `/webhooks/telegram/${site.telegramBot.botKey}/more`,
      "/webhooks/",
    ]) {
      expect((await deliver(body, SECRET, path)).status, path).toBe(404);
    }
    const read = await deliver("", SECRET, `/webhooks/telegram/${site.telegramBot.botKey}`, "GET");
    expect(read.status).toBe(405);
  });

  it("says 503, with when to try again, while the store is away", async () => {
    const working = url;
    const away = await site.variant({
      channels: new Map([["telegram", telegramChannel()]]),
      acceptor: {
        accept: () =>
          Promise.reject(
            new PregoneroError("store-unavailable", "away", { status: 503, retry: "backoff" }),
          ),
      },
    });
    url = away.url;
    const response = await deliver(JSON.stringify(update(5)));
    url = working;
    expect(response.status).toBe(503);
    expect(response.headers["retry-after"]).toBe("2");
    await away.close();
  });
});

function telegramChannel(): Channel {
  return createTelegramChannel({
    apiRoot: "http://127.0.0.1:9",
    logger: silentLogger,
    clock: systemClock,
  });
}
