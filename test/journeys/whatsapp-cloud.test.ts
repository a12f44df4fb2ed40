import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { Passport } from "../../src/core/passport-reader.ts";
import {
  type GraphStandIn,
  type SentMessage,
  type StandInNumber,
  startGraphStandIn,
} from "../stand-ins/graph/start-stand-in.ts";
import { type RunningProduct, startProduct } from "./running-product.ts";

let standIn: GraphStandIn;
let number: StandInNumber;
let product: RunningProduct;
let bot: BotAccount;

beforeAll(async () => {
  // As Meta may: each webhook twice, several events in one, in any order.
  const webhooks = { batchSize: 4, deliveries: 2, isShuffled: true };
  standIn = await startGraphStandIn({ limits: true, webhooks });
  number = standIn.addNumber();
  product = await startProduct({ env: { WHATSAPP_GRAPH_URL: standIn.graphUrl } });
  const { accessToken, appSecret, phoneNumberId, businessAccountId } = number;
  bot = await product.installation.botAdmin.add(
    product.installation.tenantId,
    {
      channel: "whatsapp-cloud",
      name: "",
      secrets: { accessToken, appSecret },
      settings: { phoneNumberId, businessAccountId },
    },
    AbortSignal.timeout(30_000),
  );
  await standIn.waitForCall("configure", ({ status }) => status === 200);
});
afterAll(async () => {
  await product?.close();
  await standIn?.close();
});

let people = 0;
function newPerson() {
  people += 1;
  return standIn.person(`50688880${String(people).padStart(3, "0")}`);
}
const webhookUrl = () => `${product.url}/webhooks/whatsapp/${bot.botKey}`;
const post = (body: string, headers: Readonly<Record<string, string>>) =>
  fetch(webhookUrl(), { method: "POST", body, headers });
/** The passport of a message once a part of it has come so far. */
const passportWith = (wamid: string, kind: string): Promise<Passport> =>
  vi.waitFor(
    async () => {
      const { installation } = product;
      const [passport] = await installation.passports.find(installation.tenantId, wamid);
      if (!passport?.events.some((event) => event.kind === kind)) {
        throw new Error(`No ${kind} of ${wamid}: ${JSON.stringify(passport)}`);
      }
      return passport;
    },
    { timeout: 45_000, interval: 40 },
  );
const isStored = async (wamid: string) =>
  (await product.installation.passports.find(product.installation.tenantId, wamid)).length > 0;

describe("a number of the Cloud API", () => {
  it("is pointed at us when it is added: Meta asks our address, and we answer", async () => {
    expect(bot).toMatchObject({
      name: number.displayPhoneNumber,
      settings: { networkId: number.phoneNumberId, throughput: "standard" },
    });
    expect(standIn.callbackOf(number)).toBe(webhookUrl());
    expect(standIn.calls("subscribe")[0]?.status).toBe(200);
    const wrong = new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.verify_token": "guessed",
      "hub.challenge": "1",
    });
    expect((await fetch(`${webhookUrl()}?${wrong}`)).status).toBe(403);
  });

  it("answers with the citation, and its passport shows that the answer was delivered and read", async () => {
    const person = newPerson();
    const wamid = person.write(
      "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?",
    );
    const answer = await standIn.waitForMessage(person.phone, ({ text }) => text.includes("[1]"));
    expect(answer.text).toMatch(/https?:\/\/\S+\/gazettes\/\S+\/pages\/\d+/);
    await passportWith(wamid, "delivered");
    person.read();
    const passport = await passportWith(wamid, "read");
    expect(passport.parts).toContainEqual(
      expect.objectContaining({ state: "sent", networkMessageId: answer.wamid }),
    );
    const [byAnswer] = await product.installation.passports.find(
      product.installation.tenantId,
      answer.wamid,
    );
    expect(byAnswer?.messageId).toBe(passport.messageId);
  });

  it("takes a reaction under an answer for the person's judgement, and takes it back with it", async () => {
    const { feedback, tenantId } = product.installation;
    const person = newPerson();
    person.write("¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?");
    const answer = await standIn.waitForMessage(person.phone, ({ text }) => text.includes("[1]"));
    const votes = async () => {
      const filters = { vote: undefined, botId: bot.botId, from: undefined, to: undefined };
      const page = { after: undefined, limit: 9, hasTexts: false };
      return (await feedback.list(tenantId, { ...filters, ...page })).entries.map(
        ({ vote }) => vote,
      );
    };
    // Its repetition too: Meta's clock has whole seconds, in which nobody changes their mind twice.
    async function judged(expected: readonly string[]): Promise<void> {
      await standIn.whenDelivered();
      expect(await votes()).toEqual(expected);
    }
    person.react(answer.wamid, "👍");
    await judged(["up"]);
    person.react(answer.wamid, "👎🏿");
    await judged(["down"]);
    person.react(answer.wamid, "");
    await judged([]);
  });

  it("answers each of thirty people once, though everything comes twice and in disorder", async () => {
    standIn.hold(number);
    const asked = Array.from({ length: 30 }, () => {
      const person = newPerson();
      return { person, wamid: person.write("/ayuda") };
    });
    standIn.release(number);
    await Promise.all(asked.map(({ person }) => standIn.waitForMessage(person.phone)));
    await standIn.whenDelivered();
    for (const { wamid } of asked) await passportWith(wamid, "delivered");
    const answers = asked.map(({ person }) => standIn.sent(person.phone).length);
    expect(answers).toEqual(Array(30).fill(1));
  });

  it("takes a tap on a list, and the same person under a user name", async () => {
    const person = newPerson();
    const started = person.write("/start");
    const welcome = await standIn.waitForMessage(person.phone, ({ choices }) => choices.length > 0);
    person.state.hidesPhone = true;
    const [choice] = welcome.choices;
    const tapped = person.tap(welcome, choice?.id ?? "");
    await standIn.waitForMessage(person.phone, ({ wamid }) => wamid !== welcome.wamid);
    const conversations = [started, tapped].map(async (wamid) => {
      const { conversationId } = await passportWith(wamid, "sent");
      return conversationId;
    });
    expect(new Set(await Promise.all(conversations)).size).toBe(1);
  });

  it("sends once what Graph took and did not say so, and learns of it by its status", async () => {
    const person = newPerson();
    standIn.faults.add({ to: person.state.userId, effect: { kind: "drop", isAccepted: true } });
    // Else the status may come before the connection's end was noticed, and nothing was ever unknown.
    const hold = (message: SentMessage) => {
      if (message.person === person.state) standIn.hold(number);
    };
    standIn.events.on("sent", hold);
    const wamid = person.write("/ayuda");
    const doubtful = await passportWith(wamid, "unknown");
    expect(doubtful.parts.map(({ state }) => state)).toEqual(["unknown"]);
    standIn.events.off("sent", hold);
    standIn.release(number);
    const settled = await passportWith(wamid, "delivered");
    const [sent, ...more] = standIn.sent(person.phone);
    expect(more).toEqual([]);
    expect(settled.parts).toMatchObject([{ state: "sent", networkMessageId: sent?.wamid }]);
  });

  it("refuses a forged webhook, and ignores one of another number", async () => {
    const from = "50688889999";
    const own = toWebhook(number.phoneNumberId, { from, id: "wamid.forged" });
    const genuine = standIn.sign(number, own);
    expect((await post(own, { "x-hub-signature-256": `sha256=${"0".repeat(64)}` })).status).toBe(
      401,
    );
    expect((await post(own, {})).status).toBe(401);
    expect((await post(own.replace("/ayuda", "/borrar"), genuine)).status).toBe(401);
    expect(await isStored("wamid.forged")).toBe(false);
    const foreign = toWebhook("999", { from, id: "wamid.foreign" });
    expect((await post(foreign, standIn.sign(number, foreign))).status).toBe(200);
    expect(await isStored("wamid.foreign")).toBe(false);
    expect(product.logLines.join()).toContain('"numberId":"999"');
    expect(product.logLines.join()).not.toMatch(/50688889999|EAAStandIn/);
  });

  it("refuses a reply when the person's message came a day late, and the passport says why", async () => {
    const person = newPerson();
    const writtenAt = Math.floor(Date.now() / 1000) - 25 * 3_600;
    const body = toWebhook(number.phoneNumberId, {
      from: person.phone,
      id: "wamid.late",
      timestamp: String(writtenAt),
    });
    const calls = standIn.calls("message").length;
    expect((await post(body, standIn.sign(number, body))).status).toBe(200);
    const passport = await passportWith("wamid.late", "refused");
    expect(passport.parts).toMatchObject([{ state: "failed", reason: "outside-window" }]);
    expect(passport.events.find(({ kind }) => kind === "refused")?.detail).toMatchObject({
      reason: "outside-window",
      windowClosedAt: new Date((writtenAt + 24 * 3_600) * 1000).toISOString(),
      allowedNow: "template",
    });
    expect(standIn.calls("message")).toHaveLength(calls);
  });
});

/** One text, as Meta's "messages webhook reference" has it. */
function toWebhook(phoneNumberId: string, message: object): string {
  const metadata = { display_phone_number: "1", phone_number_id: phoneNumberId };
  const messages = [
    { timestamp: "1749416383", type: "text", text: { body: "/ayuda" }, ...message },
  ];
  const value = { messaging_product: "whatsapp", metadata, messages };
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "102290129340398", changes: [{ field: "messages", value }] }],
  });
}
