import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textReply } from "../../src/core/message.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";
import { type EventReader, readEvents } from "./http-event-reader.ts";

let site: SiteUnderTest;
const readers: EventReader[] = [];
beforeAll(async () => {
  site = await startSite({
    reply: ({ content }) =>
      content.kind === "text" && content.text.startsWith("eco ")
        ? [textReply(`Dijo: ${content.text.slice(4)}`)]
        : [],
  });
});
afterAll(async () => {
  for (const reader of readers) reader.close();
  await site.close();
});

/** A visitor as a browser: the cookie of the chat page. */
async function visit(botKey = site.bot.botKey) {
  const page = await fetch(`${site.url}/chat/${botKey}`);
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  return {
    cookie,
    visitorId: cookie.split("=")[1]?.split(".")[0] ?? "",
    say: (body: unknown, headers: Record<string, string> = {}, key = botKey) =>
      fetch(`${site.url}/api/v1/chat/${key}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie, ...headers },
        body: JSON.stringify(body),
      }),
    follow(after?: number) {
      const reader = readEvents(`${site.url}/api/v1/chat/${botKey}/events`, {
        cookie,
        ...(after === undefined ? {} : { "last-event-id": String(after) }),
      });
      readers.push(reader);
      return reader;
    },
  };
}

const message = (text: string) => ({ clientMessageId: randomUUID(), text });
interface Entry {
  readonly id: string;
  readonly part: { readonly kind: string; readonly text?: string };
}

describe("the web chat over HTTP", () => {
  it("stores a message before it says 202, and shows it and the reply in order", async () => {
    const visitor = await visit();
    const events = visitor.follow();
    await events.next("ready");
    const said = message("eco hola");
    const response = await visitor.say(said);
    expect(response.status).toBe(202);
    const { messageId } = (await response.json()) as { messageId: string };
    const [passport] = await site.passports.find(site.tenantId, messageId);
    expect(passport?.state).toBe("pending");
    const parts = [await events.next("entry"), await events.next("entry")].map(
      ({ data }) => (JSON.parse(data) as Entry).part.kind,
    );
    expect(parts.sort()).toEqual(["text", "visitor"]);
  });

  it("stores the same clientMessageId once, under the same message", async () => {
    const visitor = await visit();
    const said = message("hola");
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => (await visitor.say(said)).json()),
    );
    const ids = new Set((answers as { messageId: string }[]).map(({ messageId }) => messageId));
    expect(ids.size).toBe(1);
    const log = await site.webChatLog.listAfter(
      site.tenantId,
      site.bot.botId,
      visitor.visitorId,
      0,
    );
    expect(log).toHaveLength(1);
  });

  it("tells a page that comes back only what it missed", async () => {
    const visitor = await visit();
    const first = visitor.follow();
    await first.next("ready");
    await visitor.say(message("uno"));
    const { id } = await first.next("entry");
    first.close();
    for (const text of ["dos", "tres"]) await visitor.say(message(text));
    const second = visitor.follow(Number(id));
    const texts = [await second.next("entry"), await second.next("entry")].map(
      ({ data }) => (JSON.parse(data) as Entry).part.text,
    );
    expect(texts).toEqual(["dos", "tres"]);
  });

  it("replays a long conversation whole and in order", async () => {
    const visitor = await visit();
    await visitor.say(message("a"));
    for (let index = 0; index < 210; index++) {
      await site.webChatLog.append(
        site.tenantId,
        site.bot.botId,
        visitor.visitorId,
        randomUUID() as never,
        { kind: "text", paragraphs: [[{ text: String(index) }]] },
      );
    }
    const events = visitor.follow();
    const positions: number[] = [];
    for (let count = 0; count < 211; count++)
      positions.push(Number((await events.next("entry")).id));
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    expect(new Set(positions).size).toBe(211);
  });

  it("shows that an answer is being prepared", async () => {
    const visitor = await visit();
    const events = visitor.follow();
    await events.next("ready");
    await site.webChat.showTyping(site.bot, visitor.visitorId, AbortSignal.timeout(30_000));
    expect((await events.next("typing")).data).toBe("{}");
  });

  it("is silent to a visitor without the cookie, with a forged one, or with another bot's", async () => {
    const visitor = await visit();
    const elsewhere = await visit(site.otherBot.botKey);
    expect((await elsewhere.say(message("a"), {}, site.bot.botKey)).status).toBe(401);
    const renamed = elsewhere.cookie.replace(site.otherBot.botKey, site.bot.botKey);
    const [name, value = ""] = visitor.cookie.split("=");
    const someoneElse = value.replace(/^[^.]+/, randomUUID());
    for (const cookie of ["", renamed, `${name}=${someoneElse}`, `${name}=${value}x`]) {
      expect((await visitor.say(message("a"), { cookie })).status, cookie).toBe(401);
    }
    const twice = `${visitor.cookie}; ${name}=${someoneElse}`;
    expect((await visitor.say(message("a"), { cookie: twice })).status).toBe(401);
  });

  it("takes nothing from a page of another site", async () => {
    const visitor = await visit();
    const foreign = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ];
    for (const headers of foreign) {
      expect((await visitor.say(message("a"), headers)).status).toBe(403);
    }
    expect((await visitor.say(message("a"), { origin: site.url })).status).toBe(202);
  });

  it.each([
    ["no id", { text: "a" }],
    ["an id that is no UUID", { clientMessageId: "1", text: "a" }],
    ["neither text nor button", { clientMessageId: randomUUID() }],
    ["both", { clientMessageId: randomUUID(), text: "a", button: "b" }],
    ["a button of 65 bytes", { clientMessageId: randomUUID(), button: "ñ".repeat(33) }],
    ["another sender", { clientMessageId: randomUUID(), text: "a", sender: "x" }],
  ])("refuses a message with %s", async (_, body) => {
    expect((await (await visit()).say(body)).status).toBe(400);
  });

  it("has no chat for a bot of another network", async () => {
    expect((await fetch(`${site.url}/chat/${site.telegramBot.botKey}`)).status).toBe(404);
  });

  it("says 503 while the store is away: the page keeps the message", async () => {
    const { PregoneroError } = await import("../../src/core/errors.ts");
    const away = await site.variant({
      acceptor: {
        accept: () =>
          Promise.reject(
            new PregoneroError("store-unavailable", "away", { retry: "backoff", status: 503 }),
          ),
      },
    });
    const { cookie } = await visit();
    const response = await fetch(`${away.url}/api/v1/chat/${site.bot.botKey}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify(message("a")),
    });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    await away.close();
  });

  it("ends live streams when it closes", async () => {
    const closing = await site.variant({});
    const { cookie } = await visit();
    const events = readEvents(`${closing.url}/api/v1/chat/${site.bot.botKey}/events`, { cookie });
    await events.next("ready");
    await closing.close(5_000);
    await events.ended;
  });

  it("keeps at most six pages of one visitor open", async () => {
    const visitor = await visit();
    const open = Array.from({ length: 6 }, () => visitor.follow());
    await Promise.all(open.map((events) => events.next("ready")));
    const seventh = await fetch(`${site.url}/api/v1/chat/${site.bot.botKey}/events`, {
      headers: { cookie: visitor.cookie },
    });
    expect(seventh.status).toBe(429);
    await seventh.arrayBuffer();
    open[0]?.close();
    await open[0]?.ended;
  });
});
