import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Api, GrammyError } from "grammy";
import type { InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { afterEach, describe, expect, it } from "vitest";
import {
  type StandInOptions,
  startTelegramStandIn,
  type TelegramStandIn,
} from "../../test/stand-ins/telegram/start-stand-in.ts";

/** The stand-in must be as strict as Telegram: here a plain grammY client runs into its rules. */
let standIn: TelegramStandIn;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await standIn.close();
  for (const close of closers.splice(0)) await close();
});

async function open(options: StandInOptions = {}) {
  standIn = await startTelegramStandIn({ webhookRetryBaseMs: 1, ...options });
  const bot = standIn.addBot();
  const user = standIn.user(7);
  user.open(bot);
  return { bot, user, api: new Api(bot.token, { apiRoot: standIn.apiRoot }) };
}

const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof GrammyError ? `${error.error_code} ${error.description}` : error;
};

/** A webhook that answers what `answer` says for each update, and keeps count. */
async function listen(answer: (update: { update_id: number }) => Promise<number> | number) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", async () => response.writeHead(await answer(JSON.parse(body))).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

describe("the Telegram stand-in", () => {
  it("knows tokens and methods", async () => {
    await open();
    const withToken = (token: string) => new Api(token, { apiRoot: standIn.apiRoot });
    expect(await refusalOf(withToken("1:wrong").getMe())).toBe("401 Unauthorized");
    expect(await refusalOf(withToken("nonsense").getMe())).toBe("404 Not Found");
  });

  it("refuses bad messages in Telegram's words", async () => {
    const { api } = await open();
    const entity = (offset: number, length: number): MessageEntity => ({
      type: "bold",
      offset,
      length,
    });
    const say = (text: string, entities: MessageEntity[] = []) =>
      refusalOf(api.sendMessage(7, text, { entities }));
    const keyboard = (data: string): InlineKeyboardMarkup => ({
      inline_keyboard: [[{ text: "a", callback_data: data }]],
    });
    expect(await say(" ")).toBe("400 Bad Request: message text is empty");
    expect(await say("a".repeat(4097))).toBe("400 Bad Request: message is too long");
    expect(await say("a".repeat(4096))).toBeUndefined();
    expect(await say("hola", [entity(2, 5)])).toContain(
      "entity beginning at UTF-16 offset 2 ends after the end",
    );
    expect(await say("hola tú", [entity(0, 4), entity(2, 4)])).toContain(
      "entity beginning at UTF-16 offset 2",
    );
    expect(await say("hola", [entity(9, 1)])).toContain("entity begins after the end of the text");
    expect(await say("😀", [entity(0, 1)])).toContain("in a middle of a UTF-16 symbol");
    expect(
      await say("hola", [{ type: "text_link", offset: 0, length: 4, url: "http://localhost/" }]),
    ).toContain("Wrong HTTP URL");
    const buttons = (data: string) =>
      refusalOf(api.sendMessage(7, "a", { reply_markup: keyboard(data) }));
    expect(await buttons("ñ".repeat(33))).toBe("400 Bad Request: BUTTON_DATA_INVALID");
    expect(await buttons("ñ".repeat(32))).toBeUndefined();
    expect(await refusalOf(api.sendMessage(99, "a"))).toBe("400 Bad Request: chat not found");
  });

  it("refuses to write to who blocked the bot, never began, or is gone", async () => {
    const { api, user } = await open();
    standIn.user(8);
    expect(await refusalOf(api.sendMessage(8, "a"))).toBe(
      "403 Forbidden: bot can't initiate conversation with a user",
    );
    user.block();
    expect(await refusalOf(api.sendMessage(7, "a"))).toBe(
      "403 Forbidden: bot was blocked by the user",
    );
    user.unblock();
    expect(await refusalOf(api.sendMessage(7, "a"))).toBeUndefined();
    user.deactivate();
    expect(await refusalOf(api.sendMessage(7, "a"))).toBe("403 Forbidden: user is deactivated");
  });

  it("keeps the documented limits when told to", async () => {
    let nowMs = 1_000_000;
    const { api, bot, user } = await open({ limits: true, now: () => nowMs });
    const group = standIn.group(-9);
    group.addBot(bot, user);
    const burst = async (chatId: number, count: number) => {
      for (let n = 0; n < count; n += 1)
        expect(await refusalOf(api.sendMessage(chatId, "a"))).toBeUndefined();
    };
    await burst(7, 5);
    expect(await refusalOf(api.sendMessage(7, "a"))).toBe("429 Too Many Requests: retry after 1");
    nowMs += 1_000;
    await burst(7, 1);
    await burst(-9, 20);
    expect(await refusalOf(api.sendMessage(-9, "a"))).toBe("429 Too Many Requests: retry after 60");
    nowMs += 60_000;
    await burst(-9, 20);
  });

  it("lets a bot notify 30 chats in any second, and answer any number", async () => {
    let nowMs = 1_000_000;
    const { api, bot } = await open({ limits: true, now: () => nowMs });
    const citizens = Array.from({ length: 40 }, (_, index) => standIn.user(100 + index));
    for (const citizen of citizens) citizen.open(bot);
    const notify = async () =>
      (await Promise.all(citizens.map(({ id }) => refusalOf(api.sendMessage(id, "a"))))).filter(
        (refusal) => refusal !== undefined,
      );
    const refusals = await notify();
    expect(refusals).toEqual(
      Array.from({ length: 10 }, () => "429 Too Many Requests: retry after 1"),
    );
    nowMs += 1_000;
    for (const citizen of citizens) citizen.send("hola", { bot });
    expect(await notify()).toEqual([]);
  });

  it("confirms updates by offset, and gives the rest again", async () => {
    const { api, user } = await open();
    for (const text of ["uno", "dos", "tres"]) user.send(text);
    const first = await api.getUpdates({ limit: 2 });
    expect(first.map(({ message }) => message?.text)).toEqual(["uno", "dos"]);
    expect(await api.getUpdates({ limit: 1 })).toEqual(first.slice(0, 1));
    const rest = await api.getUpdates({ offset: (first[1]?.update_id ?? 0) + 1 });
    expect(rest.map(({ message }) => message?.text)).toEqual(["tres"]);
  });

  it("lets one poller end another, and a webhook both", async () => {
    const { api } = await open();
    const first = refusalOf(api.getUpdates({ timeout: 30 }));
    const held = standIn.waitForCall("getUpdates");
    const second = refusalOf(api.getUpdates({ timeout: 30 }));
    expect(await Promise.race([first, second])).toContain(
      "409 Conflict: terminated by other getUpdates request",
    );
    await held;
    await api.setWebhook("http://127.0.0.1:1/hook");
    expect(await Promise.all([first, second])).toContainEqual(
      "409 Conflict: terminated by setWebhook request",
    );
    expect(await refusalOf(api.getUpdates())).toContain(
      "409 Conflict: can't use getUpdates method while webhook is active",
    );
  });

  it("takes only webhooks that Telegram would take", async () => {
    const { api } = await open();
    expect(await refusalOf(api.setWebhook("http://example.org/"))).toContain(
      "An HTTPS URL must be provided",
    );
    expect(await refusalOf(api.setWebhook("https://example.org:444/"))).toContain(
      "only on ports 80, 88, 443 or 8443",
    );
    expect(
      await refusalOf(api.setWebhook("https://example.org/", { secret_token: "ñ" })),
    ).toContain("unallowed characters");
  });

  it("delivers one chat's updates in order and repeats them, while other chats go on", async () => {
    const { api, user, bot } = await open();
    const order: number[] = [];
    let refusals = 3;
    const url = await listen(({ update_id }) => {
      if (update_id === bot.id * 1000 && refusals-- > 0) return 500;
      order.push(update_id - bot.id * 1000);
      return 200;
    });
    user.send("uno");
    user.send("dos");
    standIn.user(8).send("otro chat");
    await api.setWebhook(url);
    await standIn.whenDelivered();
    expect(order).toEqual([2, 0, 1]);
    expect((await api.getWebhookInfo()).last_error_message).toBe(
      "Wrong response from the webhook: 500 Internal Server Error",
    );
  });

  it("opens no more connections than asked for", async () => {
    const { api } = await open();
    let most = 0;
    const held: (() => void)[] = [];
    const url = await listen(async () => {
      // Three at a time are let go together, so that fewer than three would wait for ever.
      await new Promise<void>((resolve) => {
        held.push(resolve);
        most = Math.max(most, held.length);
        if (held.length < 3) return;
        setTimeout(() => {
          for (const release of held.splice(0)) release();
        }, 5);
      });
      return 200;
    });
    for (let id = 100; id < 130; id += 1) standIn.user(id).send("hola");
    await api.setWebhook(url, { max_connections: 3 });
    await standIn.whenDelivered();
    expect(most).toBe(3);
  });

  it("gives an update up in the end", async () => {
    const { api, user } = await open({ webhookMaxAttempts: 3 });
    const url = await listen(() => 500);
    user.send("hola");
    await api.setWebhook(url);
    await standIn.whenDelivered();
    expect(standIn.deliveryCounts()).toEqual({ deliveries: 3, dropped: 1 });
  });

  it("takes the message and loses the answer, or neither, at the call it is told to", async () => {
    const { api } = await open();
    standIn.faults.add({
      method: "sendMessage",
      skip: 1,
      effect: { kind: "drop", isAccepted: true },
    });
    standIn.faults.add({
      method: "sendMessage",
      chatId: 7,
      skip: 1,
      effect: { kind: "drop", isAccepted: false },
    });
    const failures = [];
    for (const text of ["uno", "dos", "tres", "cuatro"])
      failures.push((await refusalOf(api.sendMessage(7, text))) !== undefined);
    expect(failures).toEqual([false, true, true, false]);
    expect(standIn.sent(7).map(({ text }) => text)).toEqual(["uno", "dos", "cuatro"]);
  });
});
