import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SendOptions } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type OutboxId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type Reply, textReply } from "../../src/core/message.ts";
import { type GraphStandIn, startGraphStandIn } from "../../test/stand-ins/graph/start-stand-in.ts";
import { toBotAccount } from "./__fixtures__/bot-account.ts";
import { clockAt } from "./__fixtures__/moved-clock.ts";
import { createWhatsAppCloudChannel, type WhatsAppCloudChannel } from "./whatsapp-cloud-channel.ts";

const PHONE = "50688887777";
const OUTBOX = asId<OutboxId>("01890000-0000-7000-8000-000000000001");
const TEMPLATE = { name: "nuevo_aviso", language: "es", text: "Hola, {{1}}: {{2}}." };

let standIn: GraphStandIn;
let number: ReturnType<GraphStandIn["addNumber"]>;
let channel: WhatsAppCloudChannel;
let webhook: { readonly url: string; readonly bodies: unknown[]; close(): void };
const clock = clockAt(Date.now());

beforeEach(async () => {
  standIn = await startGraphStandIn({ limits: true, now: () => clock.now().getTime() });
  number = standIn.addNumber({ templates: [TEMPLATE] });
  channel = createWhatsAppCloudChannel({ graphUrl: standIn.graphUrl, logger: silentLogger, clock });
  webhook = await listen();
});
afterEach(async () => {
  webhook.close();
  await standIn.close();
});

const bot = () => toBotAccount(number);
const options = (more: Partial<SendOptions> = {}): SendOptions => ({
  signal: AbortSignal.timeout(60_000),
  outboxId: OUTBOX,
  lastInboundAt: clock.now(),
  ...more,
});
async function sendAll(chatKey: string, reply: Reply, more: Partial<SendOptions> = {}) {
  const outcomes = [];
  for (const part of channel.render(reply)) {
    outcomes.push(await channel.send(bot(), chatKey, part, options(more)));
  }
  return outcomes;
}

/** An address as ours: answers the challenge, checks the signature, keeps what came. */
async function listen() {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://here");
    if (request.method === "GET") {
      const text = channel.answerChallenge(bot(), Object.fromEntries(url.searchParams));
      response.writeHead(text === undefined ? 403 : 200).end(text);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const rawBody = Buffer.concat(chunks);
      const isGenuine = channel.verifyWebhook(bot(), { headers: request.headers, rawBody });
      if (isGenuine) bodies.push(JSON.parse(rawBody.toString()));
      response.writeHead(isGenuine ? 200 : 401).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/whatsapp/${bot().botKey}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, bodies, close };
}
const receipts = () => webhook.bodies.flatMap((body) => channel.readReceipts(bot(), body));

describe("sending", () => {
  it("shows what the person sees: formatting, buttons, a list, a document", async () => {
    const person = standIn.person(PHONE, { userId: null });
    person.write("hola");
    const bold: Reply = { kind: "text", paragraphs: [[{ text: "Rige", style: "bold" }]] };
    const buttons = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ label: `Fuente ${n}`, data: `source:${n}` }));
    await sendAll(PHONE, bold);
    await sendAll(PHONE, { ...bold, buttons: buttons(2) });
    await sendAll(PHONE, { ...bold, buttons: buttons(6) });
    const json = Buffer.from('{"ñ":1}');
    await sendAll(PHONE, {
      kind: "document",
      fileName: "mis-datos.json",
      mimeType: "application/json",
      contentBase64: json.toString("base64"),
      caption: "Sus datos",
    });
    const [text, few, many, document] = standIn.sent(PHONE);
    expect(text?.text).toBe("*Rige*");
    expect(few).toMatchObject({ type: "interactive", text: "*Rige*", choices: { length: 2 } });
    expect(many).toMatchObject({ type: "interactive", choices: { length: 6 } });
    expect(document?.document).toEqual({
      fileName: "mis-datos.json",
      mimeType: "text/plain",
      bytes: json,
    });
  });

  it("goes to a person by the id that stays, and to a group", async () => {
    const person = standIn.person(PHONE, { userId: "CR.1349", hidesPhone: true });
    person.write("hola");
    expect(await sendAll("CR.1349", textReply("hola"))).toMatchObject([{ kind: "sent" }]);
    const [call] = standIn.calls("message");
    expect(call?.body).toMatchObject({ recipient: "CR.1349", recipient_type: "individual" });
    expect(call?.body).not.toHaveProperty("to");
    await sendAll("group:Y2FwaQ==", textReply("hola"));
    expect(standIn.calls("message")[1]?.body).toMatchObject({
      recipient_type: "group",
      to: "Y2FwaQ==",
    });
  });

  it("outside the 24 hours is refused by ourselves, with the time, and only a template goes", async () => {
    const person = standIn.person(PHONE, { userId: null });
    person.write("hola");
    const wroteAt = clock.now();
    clock.advance(24 * 3_600_000 - 1);
    const late = { lastInboundAt: wroteAt };
    expect(await sendAll(PHONE, textReply("a tiempo"), late)).toMatchObject([{ kind: "sent" }]);
    clock.advance(1);
    const calls = standIn.calls("message").length;
    expect(await sendAll(PHONE, textReply("tarde"), late)).toEqual([
      {
        kind: "refused",
        reason: "outside-window",
        retry: "never",
        detail: {
          windowClosedAt: new Date(wroteAt.getTime() + 24 * 3_600_000).toISOString(),
          opensWith: "next-message-of-the-person",
          allowedNow: "template",
        },
      },
    ]);
    const never = await channel.send(bot(), PHONE, channel.render(textReply("nunca"))[0] ?? {}, {
      signal: AbortSignal.timeout(5_000),
      outboxId: OUTBOX,
    });
    expect(never).toMatchObject({ detail: { windowClosedAt: "never-open" } });
    expect(standIn.calls("message")).toHaveLength(calls);
    const template: Reply = {
      kind: "template",
      name: TEMPLATE.name,
      language: TEMPLATE.language,
      parameters: ["Ana", "salió la edición 220"],
      text: "Salió la edición 220.",
    };
    expect(await sendAll(PHONE, template, late)).toMatchObject([{ kind: "sent" }]);
    expect(standIn.sent(PHONE).at(-1)?.text).toBe("Hola, Ana: salió la edición 220.");
    expect(await sendAll(PHONE, { ...template, parameters: ["Ana"] }, late)).toMatchObject([
      { kind: "refused", reason: "template-parameters", retry: "never" },
    ]);
    expect(await sendAll(PHONE, { ...template, name: "otro" }, late)).toMatchObject([
      { kind: "refused", reason: "template-unknown" },
    ]);
  });

  it("waits when Graph's own window or its limits say so", async () => {
    const person = standIn.person(PHONE, { userId: null });
    expect(await sendAll(PHONE, textReply("hola"))).toMatchObject([
      { kind: "refused", reason: "outside-window" },
    ]);
    person.write("hola");
    const outcomes = [];
    for (let count = 0; count < 46; count++) {
      clock.advance(100);
      outcomes.push(...(await sendAll(PHONE, textReply(`${count}`))));
    }
    expect(outcomes.filter(({ kind }) => kind === "sent")).toHaveLength(45);
    expect(outcomes.at(-1)).toMatchObject({ scope: "chat", retry: { afterMs: 6_000 } });
  });

  it("is refused, and nothing was sent, when the document could not be uploaded", async () => {
    standIn.person(PHONE, { userId: null }).write("hola");
    const document: Reply = {
      kind: "document",
      fileName: "a.pdf",
      mimeType: "application/pdf",
      contentBase64: Buffer.from("%PDF").toString("base64"),
    };
    standIn.faults.add({ call: "upload", effect: { kind: "drop", isAccepted: true } });
    expect(await sendAll(PHONE, document)).toMatchObject([{ kind: "refused", retry: "backoff" }]);
    const gif = { ...document, mimeType: "image/gif" };
    expect(await sendAll(PHONE, gif)).toMatchObject([{ kind: "refused", retry: "never" }]);
    expect(standIn.sent(PHONE)).toEqual([]);
  });

  it("does not know after an answer that is not Graph's", async () => {
    standIn.person(PHONE, { userId: null }).write("hola");
    standIn.faults.add({ effect: { kind: "garbage" } });
    standIn.faults.add({ effect: { kind: "server-error", status: 502, isAccepted: true } });
    const outcomes = [
      ...(await sendAll(PHONE, textReply("a"))),
      ...(await sendAll(PHONE, textReply("b"))),
    ];
    expect(outcomes).toMatchObject([{ kind: "unknown" }, { kind: "unknown", reason: "http-502" }]);
  });

  it("keeps its connections to Graph", async () => {
    const person = standIn.person(PHONE, { userId: null });
    person.write("hola");
    let opened = 0;
    standIn.events.on("connection", () => {
      opened += 1;
    });
    for (let count = 0; count < 20; count++) await sendAll(PHONE, textReply(`${count}`));
    expect(standIn.sent(PHONE)).toHaveLength(20);
    expect(opened).toBeLessThan(5);
  });

  it("stays unknown after its time is over, refused when nothing was written", async () => {
    standIn.person(PHONE, { userId: null }).write("hola");
    const hasty = createWhatsAppCloudChannel({
      graphUrl: standIn.graphUrl,
      logger: silentLogger,
      clock: systemClock,
      callTimeoutMs: 300,
    });
    standIn.faults.add({ effect: { kind: "black-hole", isAccepted: true } });
    const [part = {}] = hasty.render(textReply("hola"));
    expect(await hasty.send(bot(), PHONE, part, options())).toEqual({
      kind: "unknown",
      reason: "timeout",
    });
  });
});

describe("the webhook", () => {
  it("is pointed at us, answers Meta's challenge, and brings messages and receipts", async () => {
    await channel.connect(bot(), webhook.url, AbortSignal.timeout(10_000));
    expect(standIn.callbackOf(number)).toBe(webhook.url);
    expect(standIn.calls("subscribe")).toHaveLength(1);
    const person = standIn.person(PHONE, { userId: null });
    person.write("¿Qué se publicó? ñ ✅");
    await sendAll(PHONE, textReply("Esto"));
    await standIn.whenDelivered();
    person.read();
    await standIn.whenDelivered();
    const messages = webhook.bodies.flatMap((body) => channel.readUpdate(bot(), body));
    expect(messages).toMatchObject([{ content: { text: "¿Qué se publicó? ñ ✅" } }]);
    const [sent] = standIn.sent(PHONE);
    expect(
      receipts()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(["delivered", "read", "sent"]);
    expect(receipts()[0]).toMatchObject({ networkMessageId: sent?.wamid, outboxId: OUTBOX });
    await channel.disconnect(bot(), AbortSignal.timeout(10_000));
    expect(standIn.callbackOf(number)).toBeUndefined();
  });

  it("tells of a message whose answer was lost, by our own id", async () => {
    await channel.connect(bot(), webhook.url, AbortSignal.timeout(10_000));
    const person = standIn.person(PHONE, { userId: null });
    person.write("hola");
    person.block();
    standIn.faults.add({ effect: { kind: "drop", isAccepted: true } });
    expect(await sendAll(PHONE, textReply("Esto"))).toMatchObject([{ kind: "unknown" }]);
    await standIn.whenDelivered();
    expect(receipts()).toMatchObject([
      { outboxId: OUTBOX, status: "sent" },
      { outboxId: OUTBOX, status: "failed", reason: "undeliverable" },
    ]);
  });

  it("is not set where the challenge fails, and that is an error to try again", async () => {
    const other = { ...bot(), secrets: { ...bot().secrets, verifyToken: "another" } };
    await expect(
      channel.connect(other, webhook.url, AbortSignal.timeout(10_000)),
    ).rejects.toMatchObject({ code: "graph-refused", message: expect.stringContaining("403") });
  });

  it("may be pasted by a person when the token has no right to set it", async () => {
    const denied = { kind: "refuse" as const, code: 10 };
    standIn.faults.add({ call: "configure", times: 9, effect: denied });
    standIn.faults.add({ call: "subscribe", times: 9, effect: denied });
    const account = { ...bot(), secrets: { ...bot().secrets, verifyToken: "chosen-by-a-person" } };
    const signal = AbortSignal.timeout(10_000);
    await channel.connect(account, webhook.url, signal);
    const before = await channel.inspect(account, signal);
    expect(before).toMatchObject({ isHealthy: false, action: expect.stringContaining("callback") });
    await standIn.pasteCallback(number, webhook.url, bot().secrets.webhookSecret ?? "");
    expect(await channel.inspect(account, signal)).toMatchObject({ isHealthy: true });
  });

  it("asks for a person when the credentials were withdrawn", async () => {
    standIn.revoke(number);
    const signal = AbortSignal.timeout(10_000);
    await expect(channel.connect(bot(), webhook.url, signal)).rejects.toMatchObject({
      code: "bad-credentials",
    });
    expect(await channel.inspect(bot(), signal)).toMatchObject({ isHealthy: false });
    await channel.disconnect(bot(), signal);
  });
});

describe("the account", () => {
  const secrets = () => ({ accessToken: number.accessToken, appSecret: number.appSecret });
  const identify = (given: Record<string, string>, chosen: Record<string, string>) =>
    channel.identify(given, AbortSignal.timeout(10_000), chosen);

  it("is known by its number, name and throughput", async () => {
    const chosen = { phoneNumberId: number.phoneNumberId, businessAccountId: "102" };
    expect(await identify(secrets(), chosen)).toEqual({
      networkId: number.phoneNumberId,
      username: number.displayPhoneNumber,
      name: number.verifiedName,
      businessAccountId: "102",
      throughput: "standard",
    });
  });

  it("with a wrong token, secret, id or nothing is refused by name", async () => {
    const id = { phoneNumberId: number.phoneNumberId };
    const wrong: [Record<string, string>, Record<string, string>, RegExp][] = [
      [{ ...secrets(), accessToken: "EAAno" }, id, /access token/],
      [{ ...secrets(), appSecret: "b".repeat(32) }, id, /app secret/],
      [{ ...secrets(), appSecret: "short" }, id, /app secret/],
      [secrets(), { phoneNumberId: "4711" }, /4711/],
      [secrets(), { phoneNumberId: "../me" }, /phone number id/],
      [secrets(), {}, /phone number id/],
      [{}, id, /access token/],
    ];
    for (const [given, chosen, message] of wrong) {
      await expect(identify(given, chosen)).rejects.toMatchObject({
        code: "bad-credentials",
        message: expect.stringMatching(message),
      });
    }
  });
});

describe("courtesies and files", () => {
  it("shows that an answer is being written, for the message that is answered", async () => {
    const person = standIn.person(PHONE, { userId: null });
    const wamid = person.write("hola");
    await channel.showTyping(bot(), PHONE, AbortSignal.timeout(5_000));
    expect(standIn.isTyping(PHONE)).toBe(false);
    await channel.showTyping(bot(), PHONE, AbortSignal.timeout(5_000), wamid);
    expect(standIn.isTyping(PHONE)).toBe(true);
    await channel.showTyping(bot(), PHONE, AbortSignal.timeout(5_000), "wamid.unknown");
  });

  const download = (id: string, maxBytes = 1_000) =>
    channel.downloadFile(bot(), id, { maxBytes, signal: AbortSignal.timeout(10_000) });

  it("downloads what a person sent", async () => {
    standIn.addMedia("4711", Buffer.from("OggS"), { mimeType: "audio/ogg" });
    expect(Buffer.from(await download("4711")).toString()).toBe("OggS");
  });

  it("stops at what is too large, said or not, and tells what is gone", async () => {
    standIn.addMedia("1", Buffer.alloc(1_001));
    standIn.addMedia("2", Buffer.alloc(1_001), { statedBytes: undefined });
    for (const id of ["1", "2"]) {
      await expect(download(id)).rejects.toMatchObject({ code: "media-too-large" });
    }
    for (const id of ["3", "../me", ""]) {
      await expect(download(id)).rejects.toMatchObject({ code: "media-gone" });
    }
    standIn.addMedia("5", Buffer.from("x"));
    standIn.faults.add({ call: "download", effect: { kind: "drop", isAccepted: true } });
    await expect(download("5")).rejects.toMatchObject({ code: "media-unavailable" });
  });

  it("takes its token to no other host", async () => {
    const seen: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("x");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const urls = [
      `http://127.0.0.1:${port}/file`,
      "http://lookaside.fbsbx.com/file",
      "https://lookaside.fbsbx.com.example.org/file",
      "https://lookaside.fbsbx.com:8443/file",
      "http://169.254.169.254/latest/meta-data",
      "file:///etc/passwd",
      "no url",
    ];
    for (const [index, url] of urls.entries()) {
      standIn.addMedia(String(index), Buffer.from("x"), { url });
      await expect(download(String(index)), url).rejects.toMatchObject({
        code: "media-unavailable",
      });
    }
    expect(seen).toEqual([]);
    elsewhere.close();
  });
});
