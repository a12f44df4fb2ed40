import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

let product: RunningProduct;
/** While true, the store does not answer: every statement fails as a lost connection does. */
let isStoreAway = false;
/** While true, messages are accepted and nobody answers them. */
let isNobodyAnswering = false;
beforeAll(async () => {
  product = await startProduct({
    faultPoint(name) {
      const isHit =
        (isStoreAway && name.startsWith("db:")) ||
        (isNobodyAnswering && name.startsWith("db:conversations-claim"));
      if (!isHit) return;
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    },
  });
});
afterAll(() => product?.close());
afterEach(() => product.standIn.faults.clear());

const citizen = (id: number) => product.standIn.user(id, { languageCode: "es" });
const sendsTo = (chatId: number) =>
  product.standIn
    .calls("sendMessage")
    .filter(({ parameters }) => String(parameters.chat_id) === String(chatId));

const floodFor = (chatId: number, seconds: number, times = 1) =>
  product.standIn.faults.add({
    method: "sendMessage",
    chatId,
    times,
    effect: {
      kind: "refuse",
      code: 429,
      description: `Too Many Requests: retry after ${seconds}`,
      parameters: { retry_after: seconds },
    },
  });

describe("too many requests", () => {
  it("for a chat are waited out for that chat alone, and nothing is lost", async () => {
    const endFlood = floodFor(501, 2, Number.POSITIVE_INFINITY);
    const deed = citizen(501).send("/ayuda");
    await product.standIn.waitForCall("sendMessage", ({ status }) => status === 429);
    const [other] = await product.ask(citizen(502), "/ayuda");
    expect(other?.text).toBe(es.help);
    endFlood();
    const answers = await product.repliesTo(501, deed.updateId);
    expect(answers.map(({ text }) => text)).toEqual([es.help]);
    for (const [index, call] of sendsTo(501).slice(1).entries()) {
      expect(call.atMs).toBeGreaterThanOrEqual((sendsTo(501)[index]?.atMs ?? 0) + 2_000);
    }
  });

  it("for the whole bot are waited out for every chat", async () => {
    floodFor(503, 2);
    floodFor(504, 2);
    const deeds = [citizen(503).send("/ayuda"), citizen(504).send("/ayuda")];
    await product.standIn.waitForCall("sendMessage", ({ status, parameters }) => {
      return status === 429 && String(parameters.chat_id) === "503";
    });
    const second = await product.standIn.waitForCall("sendMessage", ({ status, parameters }) => {
      return status === 429 && String(parameters.chat_id) === "504";
    });
    // Only once the refusal is on record does it bind the others.
    await expect
      .poll(async () => {
        const { database, tenantId } = product.installation;
        const [row] = await database.asTenant(tenantId, (tx) =>
          tx.query<{ isPaused: boolean }>(
            `select bool_or(paused_until > $1) as "isPaused" from bot`,
            [new Date(second.atMs)],
          ),
        );
        return row?.isPaused;
      })
      .toBe(true);
    const [third] = await product.ask(citizen(505), "/ayuda");
    expect(third?.atMs).toBeGreaterThanOrEqual(second.atMs + 1_900);
    for (const [index, { updateId }] of deeds.entries()) {
      expect(await product.repliesTo(503 + index, updateId)).toHaveLength(1);
    }
  });
});

describe("formatting that Telegram refuses", () => {
  it("is left out, and the words arrive", async () => {
    product.standIn.faults.add({
      method: "sendMessage",
      chatId: 506,
      effect: {
        kind: "refuse",
        code: 400,
        description: "Bad Request: can't parse entities: unexpected end",
      },
    });
    const [today] = await product.ask(citizen(506), "/hoy");
    expect(today?.text).toContain("15 de abril de 2024");
    expect(today?.entities).toEqual([]);
    expect(sendsTo(506)).toHaveLength(2);
  });
});

describe("a send of which nobody knows what came", () => {
  it.each([
    [510, { kind: "server-error", status: 500, isAccepted: true }],
    [511, { kind: "drop", isAccepted: true }],
    [512, { kind: "garbage" }],
    [513, { kind: "drop", isAccepted: false }],
  ] as const)(
    "is not repeated (%i, %o), shows as unknown, and holds nothing up",
    async (id, effect) => {
      product.standIn.faults.add({ method: "sendMessage", chatId: id, effect });
      const user = citizen(id);
      const { updateId } = user.send("/ayuda");
      const passport = await product.settled(updateId);
      expect(passport.parts.map(({ state }) => state)).toEqual(["unknown"]);
      expect(passport.events.at(-1)?.kind).toBe("unknown");
      const [next] = await product.ask(user, "/fuentes");
      expect(next?.text).toContain(es.sources.heading);
      expect(sendsTo(id)).toHaveLength(2);
      const arrived = "isAccepted" in effect && !effect.isAccepted ? 0 : 1;
      expect(product.standIn.sent(id).filter(({ text }) => text === es.help)).toHaveLength(arrived);
    },
  );
});

describe("one chat's slow send", () => {
  it("does not delay the others", async () => {
    product.standIn.faults.add({
      method: "sendMessage",
      chatId: 520,
      effect: { kind: "delay", ms: 8_000 },
    });
    const slow = citizen(520).send("/ayuda");
    await product.standIn.waitForMessage(520);
    const [other] = await product.ask(citizen(521), "/ayuda");
    const passport = await product.settled(slow.updateId);
    expect(passport.parts.map(({ state }) => state)).toEqual(["sent"]);
    const sentAt = passport.events.find(({ kind }) => kind === "sent")?.at;
    expect(other?.atMs).toBeLessThan(sentAt?.getTime() ?? 0);
  });
});

describe("deliveries that Telegram repeats or disorders", () => {
  const update = (updateId: number, chatId: number, text: string) => ({
    update_id: updateId,
    message: {
      message_id: updateId,
      date: 1_713_182_400,
      from: { id: chatId, is_bot: false, first_name: "Ana", language_code: "es" },
      chat: { id: chatId, type: "private", first_name: "Ana" },
      text,
    },
  });

  it("are answered once each, and the passport counts the repetitions", async () => {
    citizen(530).open();
    const key = 99_000_001;
    for (let times = 0; times < 4; times++) {
      product.standIn.pushUpdate(530, update(key, 530, "/ayuda"));
    }
    await product.standIn.whenDelivered();
    const passport = await product.settled(key);
    expect(passport.events.filter(({ kind }) => kind === "duplicate")).toHaveLength(3);
    await product.ask(citizen(530), "/fuentes");
    expect(product.standIn.sent(530)).toHaveLength(2);
  });

  it("are all answered when a higher number came first", async () => {
    citizen(531).open();
    for (const key of [99_000_105, 99_000_103, 99_000_104]) {
      product.standIn.pushUpdate(531, update(key, 531, `/u${key}`));
    }
    await product.standIn.waitForMessage(531, ({ text }) => text.includes("/u99000104"));
    expect(product.standIn.sent(531).map(({ text }) => text)).toEqual(
      [99_000_105, 99_000_103, 99_000_104].map((key) => es.unknownCommand(`/u${key}`)),
    );
  });
});

describe("a person who blocks the bot", () => {
  it("is written to no more, and answered again once the bot is let back in", async () => {
    const user = citizen(540);
    for (let index = 0; index < 8; index++) user.send(`/nada${index}`);
    await product.standIn.waitForMessage(540, ({ text }) => text.includes("/nada2"));
    user.block();
    const refused = () => sendsTo(540).filter(({ status }) => status === 403);
    const blockedSends = await settledSends();
    expect(blockedSends).toBeLessThanOrEqual(1);
    user.unblock();
    const [answer] = await product.ask(user, "/ayuda");
    expect(answer?.text).toBe(es.help);
    expect(refused()).toHaveLength(blockedSends);

    /** Sends after the block once nothing waits for this chat any more. */
    async function settledSends(): Promise<number> {
      const { database, tenantId } = product.installation;
      await expect
        .poll(
          async () => {
            const [row] = await database.asTenant(tenantId, (tx) =>
              tx.query<{ open: string }>(
                "select count(*) as open from outbox where state in ('queued', 'attempting')",
              ),
            );
            return Number(row?.open);
          },
          { timeout: 30_000 },
        )
        .toBe(0);
      return refused().length;
    }
  });
});

describe("the webhook", () => {
  it("answers 401 to a wrong secret and 404 to an unknown bot, and stores nothing", async () => {
    const { botKey } = product.accountOf(product.bot);
    const post = (path: string, secret: string) =>
      fetch(`${product.url}/webhooks/telegram/${path}`, {
        method: "POST",
        headers: { "x-telegram-bot-api-secret-token": secret, "content-type": "application/json" },
        body: JSON.stringify({ update_id: 99_000_200 }),
      });
    expect((await post(botKey, "wrong")).status).toBe(401);
    expect((await post("no-such-bot", "wrong")).status).toBe(404);
    const { passports, tenantId } = product.installation;
    expect(await passports.find(tenantId, "99000200")).toEqual([]);
  });

  it("answers 503 while the store is away; Telegram repeats, and the answer comes once", async () => {
    const { standIn } = product;
    const before = standIn.deliveryCounts().deliveries;
    isStoreAway = true;
    const user = citizen(550);
    const { updateId } = user.send("/ayuda");
    await expect.poll(() => standIn.deliveryCounts().deliveries).toBeGreaterThan(before + 2);
    expect(product.logLines.join("")).toContain('"code":"store-unavailable"');
    isStoreAway = false;
    const answers = await product.repliesTo(550, updateId);
    expect(answers.map(({ text }) => text)).toEqual([es.help]);
  });
});

describe("a restart in the middle", () => {
  it("sends the rest of what was queued, in order, each once", async () => {
    const user = citizen(560);
    for (let index = 0; index < 6; index++) user.send(`/nada${index}`);
    await product.standIn.waitForMessage(560, ({ text }) => text.includes("/nada3"));
    await product.restart();
    await product.standIn.waitForMessage(560, ({ text }) => text.includes("/nada5"));
    const expected = Array.from({ length: 6 }, (_, index) => es.unknownCommand(`/nada${index}`));
    expect(product.standIn.sent(560).map(({ text }) => text)).toEqual(expected);
  });

  it("answers what was accepted while nobody worked", async () => {
    isNobodyAnswering = true;
    const deeds = [citizen(561), citizen(562)].map((user) => user.send("/ayuda"));
    await product.standIn.whenDelivered();
    isNobodyAnswering = false;
    await product.restart();
    for (const [index, { updateId }] of deeds.entries()) {
      const answers = await product.repliesTo(561 + index, updateId);
      expect(answers.map(({ text }) => text)).toEqual([es.help]);
    }
  });
});

describe("health", () => {
  let key: string;
  beforeAll(async () => {
    const { access, tenantId } = product.installation;
    ({ key } = await access.apiKeys.create(tenantId, "health", ["operate"]));
  });
  const read = async (path: string) => {
    const response = await fetch(product.url + path, {
      headers: { authorization: `Bearer ${key}` },
    });
    const text = await response.text();
    // What a network said is told, its token never.
    expect(text).not.toContain(product.bot.token);
    return { status: response.status, ...JSON.parse(text) };
  };
  const botIn = (health: {
    readonly components: readonly { readonly kind: string; readonly id: string }[];
  }) =>
    health.components.find(
      ({ kind, id }) => kind === "bot" && id === product.accountOf(product.bot).botId,
    );
  const ofBot = async () => botIn(await read("/api/v1/health"));

  it.each([
    [{ kind: "drop", isAccepted: false }, /getWebhookInfo/],
    [{ kind: "server-error", status: 502, isAccepted: false }, /502/],
    [{ kind: "refuse", code: 401, description: "Unauthorized" }, /Unauthorized|token/],
  ] as const)("says that Telegram is down, by %o, until it is not", async (effect, evidence) => {
    expect(await ofBot()).toMatchObject({ state: "ok" });
    const times = Number.POSITIVE_INFINITY;
    const end = product.standIn.faults.add({ method: "getWebhookInfo", times, effect });
    expect(await ofBot()).toMatchObject({
      state: "down",
      evidence: expect.stringMatching(evidence),
      action: expect.stringMatching(/./),
    });
    expect((await read("/api/v1/health")).state).toBe("down");
    end();
    expect(await ofBot()).toMatchObject({ state: "ok", action: null });
  });

  it("names the database that is away, and tells of what can still be asked", async () => {
    isStoreAway = true;
    const away = await read("/healthz").finally(() => {
      isStoreAway = false;
    });
    expect(away).toMatchObject({
      status: 503,
      isHealthy: false,
      checks: [
        { name: "database", isHealthy: false, evidence: expect.stringContaining("ECONNREFUSED") },
      ],
    });
    expect(botIn(away)).toMatchObject({
      state: "ok",
      evidence: expect.stringContaining("Webhook"),
    });
    for (const id of ["queues", "pauses", "providers"]) {
      expect(away.components).toContainEqual(expect.objectContaining({ id, state: "unknown" }));
    }
    await expect.poll(async () => (await fetch(`${product.url}/readyz`)).status).toBe(200);
  });
});
