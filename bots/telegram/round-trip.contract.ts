import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type OutboxId } from "../../src/core/ids.ts";
import type { Logger } from "../../src/core/logger.ts";
import { type IncomingMessage, textReply } from "../../src/core/message.ts";
import {
  type StandInBot,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../../test/stand-ins/telegram/start-stand-in.ts";
import { toBotAccount } from "./__fixtures__/bot-account.ts";
import { createTelegramChannel, type TelegramChannel } from "./telegram-channel.ts";

const signal = new AbortController().signal;
const outboxId = asId<OutboxId>("01890000-0000-7000-8000-000000000001");

let standIn: TelegramStandIn;
let account: StandInBot;
let bot: BotAccount;
let channel: TelegramChannel;
let logged: unknown[][];
let site: Awaited<ReturnType<typeof startSite>>;

beforeEach(async () => {
  standIn = await startTelegramStandIn({ webhookRetryBaseMs: 5 });
  account = standIn.addBot(undefined, { username: "pregonero_bot" });
  bot = toBotAccount(account);
  logged = [];
  const note = (...fields: unknown[]) => void logged.push(fields);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };
  channel = createTelegramChannel({
    apiRoot: standIn.apiRoot,
    logger,
    clock: systemClock,
    callTimeoutMs: 400,
  });
  site = await startSite();
});
afterEach(async () => {
  await standIn.close();
  await site.close();
});

/** The receiving end of a webhook: verify, read, keep, answer 200; or fail as often as told. */
async function startSite() {
  const accepted: IncomingMessage[] = [];
  let failures = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const rawBody = Buffer.concat(chunks);
      if (!channel.verifyWebhook(bot, { headers: request.headers, rawBody })) {
        response.writeHead(401).end();
      } else if (failures > 0) {
        failures -= 1;
        response.writeHead(503).end();
      } else {
        accepted.push(...channel.readUpdate(bot, JSON.parse(rawBody.toString())));
        response.writeHead(200).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    accepted,
    url: (key: string) => `http://127.0.0.1:${port}/webhooks/telegram/${key}`,
    failNext(count: number) {
      failures = count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const textsOf = (messages: readonly IncomingMessage[]) =>
  messages.map(({ content }) => (content.kind === "text" ? content.text : content.kind));

describe("the webhook round trip", () => {
  it("brings a person's messages in order and the answer back", async () => {
    await channel.connect(bot, site.url(bot.botKey), signal);
    const ana = standIn.user(7, { languageCode: "es" });
    for (const text of ["uno", "dos", "tres"]) ana.send(text);
    await standIn.whenDelivered();
    expect(textsOf(site.accepted)).toEqual(["uno", "dos", "tres"]);

    const chatKey = site.accepted[0]?.chat.key ?? "";
    await channel.showTyping(bot, chatKey, signal);
    expect(standIn.isTyping(7)).toBe(true);
    const [part] = channel.render({
      kind: "text",
      paragraphs: [
        [{ text: "Según " }, { text: "La Gaceta", style: "bold", url: "https://example.org/1" }],
      ],
      buttons: [{ label: "Más", data: "more" }],
    });
    if (part === undefined) throw new Error("nothing rendered");
    expect(await channel.send(bot, chatKey, part, { signal, outboxId })).toMatchObject({
      kind: "sent",
    });
    const answer = await standIn.waitForMessage(7);
    expect(answer.entities).toEqual([
      { type: "text_link", offset: 6, length: 9, url: "https://example.org/1" },
      { type: "bold", offset: 6, length: 9 },
    ]);
    expect(standIn.isTyping(7)).toBe(false);

    const callbackKey = ana.tap(answer, "more");
    await standIn.whenDelivered();
    expect(site.accepted.at(-1)?.content).toEqual({ kind: "button", data: "more", callbackKey });
    await channel.acknowledgeButton(bot, callbackKey, signal);
    expect(standIn.isCallbackAnswered(callbackKey)).toBe(true);
  });

  it("brings a document byte by byte, under its name", async () => {
    standIn.user(7).open();
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    const parts = channel.render({
      kind: "document",
      fileName: "mis datos de 2026.json",
      mimeType: "application/json",
      contentBase64: bytes.toString("base64"),
      caption: "Sus datos",
    });
    for (const part of parts) {
      expect(await channel.send(bot, "7", part, { signal, outboxId })).toMatchObject({
        kind: "sent",
      });
    }
    const { document, text } = await standIn.waitForMessage(7);
    expect({ text, name: document?.fileName }).toEqual({
      text: "Sus datos",
      name: "mis datos de 2026.json",
    });
    expect(document?.bytes.equals(bytes)).toBe(true);
  });

  it("gets again what was not acknowledged, and keeps the chat's order", async () => {
    await channel.connect(bot, site.url(bot.botKey), signal);
    site.failNext(3);
    const ana = standIn.user(7);
    for (const text of ["uno", "dos"]) ana.send(text);
    await standIn.whenDelivered();
    expect(textsOf(site.accepted)).toEqual(["uno", "dos"]);
    expect(standIn.deliveryCounts().deliveries).toBe(5);
  });

  it("takes part in groups, and hears of being blocked", async () => {
    await channel.connect(bot, site.url(bot.botKey), signal);
    const ana = standIn.user(7);
    const group = standIn.group(-9);
    group.addBot(account, ana);
    ana.send("hola a todos", { group });
    ana.send("@pregonero_bot ¿qué hay?", { group });
    group.migrate(-1009);
    ana.block();
    await standIn.whenDelivered();
    const contents = site.accepted.map(({ chat, isAddressed, content }) => ({
      key: chat.key,
      isAddressed,
      content,
    }));
    expect(contents).toEqual(
      expect.arrayContaining([
        { key: "-9", isAddressed: false, content: { kind: "membership", change: "joined" } },
        { key: "-9", isAddressed: false, content: { kind: "text", text: "hola a todos" } },
        { key: "-9", isAddressed: true, content: { kind: "text", text: "¿qué hay?" } },
        { key: "-9", isAddressed: false, content: { kind: "migration", newChatKey: "-1009" } },
        { key: "7", isAddressed: true, content: { kind: "membership", change: "blocked" } },
      ]),
    );
    expect(contents).toHaveLength(5);
  });
});

describe("reactions", () => {
  it("come with what is polled, in order, and again until they are taken", async () => {
    const ana = standIn.user(7);
    ana.open();
    const [part] = channel.render(textReply("Según La Gaceta"));
    if (part === undefined) throw new Error("nothing rendered");
    await channel.send(bot, "7", part, { signal, outboxId });
    const answer = await standIn.waitForMessage(7);
    const stop = new AbortController();
    const told: unknown[] = [];
    let attempts = 0;
    // Nothing is kept for a bot that has not said that it wants reactions: by asking for this, it has.
    ana.send("gracias");
    await channel.poll(
      bot,
      async (messages, reactions = []) => {
        if (messages.length > 0) {
          ana.react(answer, ["👍"]);
          ana.react(answer, []);
          return;
        }
        attempts += 1;
        if (attempts === 1) throw new Error("the store is down");
        told.push(...reactions.map(({ vote, networkMessageId }) => ({ vote, networkMessageId })));
        if (told.length > 1) stop.abort();
      },
      stop.signal,
    );
    const networkMessageId = String(answer.messageId);
    expect(told).toEqual([
      { vote: "up", networkMessageId },
      { vote: "none", networkMessageId },
    ]);
  });
});

describe("connecting", () => {
  it("sets secret, updates and connections, and offers the commands once", async () => {
    await channel.connect(bot, site.url(bot.botKey), signal);
    expect(standIn.calls("setWebhook")[0]?.parameters).toEqual({
      url: site.url(bot.botKey),
      secret_token: bot.secrets.webhookSecret,
      allowed_updates: [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "message_reaction",
      ],
      max_connections: 40,
      drop_pending_updates: false,
    });
    await standIn.waitForCall(
      "setMyCommands",
      ({ parameters }) => parameters.language_code === "en",
    );
    expect(standIn.commandsOf("")).toEqual(standIn.commandsOf("es"));
    await channel.connect(bot, site.url(bot.botKey), signal);
    await standIn.waitForCall(
      "getMyCommands",
      (call) => call !== undefined && standIn.calls("getMyCommands").length === 8,
    );
    expect(standIn.calls("setMyCommands")).toHaveLength(4);
  });

  it("does not wait for the commands, nor fail with them", async () => {
    standIn.faults.add({
      method: "getMyCommands",
      effect: { kind: "black-hole", isAccepted: false },
    });
    await channel.connect(bot, site.url(bot.botKey), signal);
  });

  it("never fights another owner of the webhook", async () => {
    await channel.connect(bot, "http://127.0.0.1:1/hooks/of-another-program", signal);
    const mine = channel.connect(bot, site.url(bot.botKey), signal);
    await expect(mine).rejects.toMatchObject({ code: "webhook-owned-elsewhere" });
    await expect(channel.connect(bot, undefined, signal)).rejects.toMatchObject({
      code: "webhook-owned-elsewhere",
    });
    expect(standIn.calls("setWebhook")).toHaveLength(1);
    await channel.disconnect(bot, signal);
    expect(standIn.calls("deleteWebhook")).toHaveLength(0);
  });

  it("takes over what a former installation left at our own address", async () => {
    await channel.connect(bot, site.url("key-of-a-bot-since-removed"), signal);
    await channel.connect(bot, site.url(bot.botKey), signal);
    expect(standIn.calls("setWebhook")).toHaveLength(2);
  });

  it("moves its own webhook to a new address, and gives it up for polling with nothing lost", async () => {
    await channel.connect(bot, `http://127.0.0.1:1/webhooks/telegram/${bot.botKey}`, signal);
    standIn.user(7).send("hola");
    await channel.connect(bot, undefined, signal);
    const stop = new AbortController();
    const seen: IncomingMessage[] = [];
    await channel.poll(
      bot,
      async (messages) => {
        seen.push(...messages);
        stop.abort();
      },
      stop.signal,
    );
    expect(textsOf(seen)).toEqual(["hola"]);
  });

  it("identifies a good token, and refuses a revoked and a malformed one", async () => {
    expect(await channel.identify({ token: account.token }, signal)).toMatchObject({
      networkId: String(account.id),
      username: "pregonero_bot",
    });
    for (const token of ["1:revoked", "no token", "../getMe", "", undefined]) {
      const secrets = token === undefined ? {} : { token };
      await expect(
        channel.identify(secrets as Record<string, string>, signal),
      ).rejects.toMatchObject({ code: "bad-credentials" });
    }
  });

  it("tells of its health with evidence", async () => {
    expect(await channel.inspect(bot, signal)).toMatchObject({ isHealthy: true });
    await channel.connect(bot, site.url(bot.botKey), signal);
    expect(await channel.inspect(bot, signal)).toMatchObject({ isHealthy: true });
    site.failNext(1);
    standIn.user(7).send("hola");
    await standIn.whenDelivered();
    expect(await channel.inspect(bot, signal)).toMatchObject({
      isHealthy: false,
      evidence: expect.stringContaining("503"),
    });
    standIn.revoke(account);
    expect(await channel.inspect(bot, signal)).toMatchObject({
      isHealthy: false,
      action: expect.any(String),
    });
  });
});

describe("polling", () => {
  it("ends at once when told, also in the middle of a long poll", async () => {
    const stop = new AbortController();
    const polling = channel.poll(bot, async () => undefined, stop.signal);
    await new Promise((resolve) => setImmediate(resolve));
    const startedMs = performance.now();
    stop.abort();
    await polling;
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  it("says what to do about another poller, and goes on", async () => {
    const conflict = {
      kind: "refuse",
      code: 409,
      description: "Conflict: terminated by other getUpdates request",
    } as const;
    standIn.faults.add({ method: "getUpdates", effect: conflict });
    standIn.user(7).send("hola");
    const stop = new AbortController();
    await channel.poll(bot, async () => stop.abort(), stop.signal);
    expect(logged).toContainEqual([
      "polling-conflict",
      expect.objectContaining({ action: expect.stringContaining("Another program") }),
    ]);
  });

  it("tells when nobody answers and, without waiting for a message, when somebody does again", async () => {
    standIn.faults.add({ method: "getUpdates", effect: { kind: "drop", isAccepted: false } });
    const stop = new AbortController();
    const polling = channel.poll(bot, async () => undefined, stop.signal);
    const names = { botId: bot.botId, bot: bot.name };
    await expect
      .poll(() => logged)
      .toEqual([
        ["polling-failed", expect.objectContaining({ ...names, pauseMs: 1_000 })],
        ["polling-resumed", expect.objectContaining({ ...names, failures: 1 })],
      ]);
    stop.abort();
    await polling;
  });

  it("skips an unreadable update, loudly, and brings the next", async () => {
    standIn.pushUpdate(7, { update_id: 1, message: { text: 5 } });
    standIn.pushUpdate(7, {
      update_id: 2,
      message: {
        message_id: 1,
        date: 1,
        chat: { id: 7, type: "private" },
        from: { id: 7, is_bot: false, first_name: "Ana" },
        text: "hola",
      },
    });
    const stop = new AbortController();
    const seen: IncomingMessage[] = [];
    await channel.poll(
      bot,
      async (messages) => {
        seen.push(...messages);
        stop.abort();
      },
      stop.signal,
    );
    expect(textsOf(seen)).toEqual(["hola"]);
    expect(logged).toContainEqual(["update-unreadable", expect.objectContaining({ updateId: 1 })]);
  });

  it("ends with bad-credentials when the token was revoked", async () => {
    standIn.revoke(account);
    await expect(channel.poll(bot, async () => undefined, signal)).rejects.toMatchObject({
      code: "bad-credentials",
    });
  });
});

describe("secrets", () => {
  it("appear in no log, error or outcome, whatever fails", async () => {
    const shown: unknown[] = [];
    const keep = async (run: Promise<unknown>) =>
      shown.push(await run.catch((error: unknown) => error));
    const [part] = channel.render(textReply("texto muy privado"));
    if (part === undefined) throw new Error("nothing rendered");
    const effects = [
      { kind: "refuse", code: 400, description: "Bad Request: chat not found" },
      { kind: "server-error", status: 500, isAccepted: false },
      { kind: "server-error", status: 502, isAccepted: false },
      { kind: "drop", isAccepted: false },
      { kind: "black-hole", isAccepted: false },
      { kind: "garbage" },
    ] as const;
    const everything = async () => {
      await keep(channel.send(bot, "7", part, { signal, outboxId }));
      await keep(channel.identify({ token: account.token }, signal));
      await keep(channel.connect(bot, site.url(bot.botKey), signal));
      await keep(channel.inspect(bot, signal));
      await keep(channel.showTyping(bot, "7", signal));
      await keep(channel.acknowledgeButton(bot, "1", signal));
    };
    for (const effect of effects) {
      const remove = standIn.faults.add({ effect, times: 9 });
      await everything();
      remove();
    }
    await standIn.close();
    await everything();
    const everythingShown = inspect([shown, logged], {
      depth: null,
      showHidden: true,
      maxStringLength: null,
    });
    expect(shown).toHaveLength(42);
    for (const secret of [
      account.token,
      account.token.split(":")[1] ?? "",
      bot.secrets.webhookSecret ?? "",
      "texto muy privado",
    ]) {
      expect(everythingShown).not.toContain(secret);
    }
  });
});
