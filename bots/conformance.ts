import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import {
  type BotAccount,
  type Channel,
  type ChannelPart,
  polls,
  receivesWebhooks,
  type SendOutcome,
  showsTyping,
  type WebhookRequest,
} from "../src/core/channel.ts";
import { asId } from "../src/core/ids.ts";
import { type IncomingMessage, type Reply, type Span, textReply } from "../src/core/message.ts";

/** What can happen to the next send, whatever the network calls it. */
export const SITUATIONS = [
  /** The network asks for a pause. */
  "too-many-requests",
  /** The person does not want to hear from the bot any more. */
  "blocked",
  /** The network does not like the formatting of a part. */
  "bad-format",
  /** Takes the message, then reports an error of its own. */
  "error-after-accepting",
  /** Takes the message; the connection ends before the answer. */
  "answer-lost",
  /** Nobody listens at the network's address. */
  "unreachable",
  /** Takes the connection and never answers. */
  "never-answers",
  /** The bot's credentials were withdrawn. */
  "credentials-revoked",
  /** The chat has another key now. */
  "chat-moved",
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** One channel with one bot and one chat, on a network (or its stand-in) that is fresh for each test. */
export interface ChannelBench {
  readonly channel: Channel;
  readonly bot: BotAccount;
  /** A chat that takes messages. */
  readonly chatKey: string;
  /** Longest text of one part in UTF-16 code units; Infinity when the network sets no limit. */
  readonly maxTextLength: number;
  /** The plain text that a part says. */
  textOf(part: ChannelPart): string;
  /** Plain texts that arrived in the chat, oldest first. */
  delivered(): readonly string[] | Promise<readonly string[]>;
  /** Makes the next send meet the situation, or says why this network does not know it. */
  readonly arrange: Readonly<
    Record<Situation, (() => void | Promise<void>) | { readonly notApplicable: string }>
  >;
  /** For channels with webhooks: a request as the network makes it for a message with this text, and forgeries of it. */
  readonly webhook?: {
    genuine(text: string): WebhookRequest;
    readonly forged: Readonly<Record<string, WebhookRequest>>;
  };
  /** For channels that poll: a person writes this to the bot. */
  readonly say?: (text: string) => void;
  close(): Promise<void>;
}

const OUTBOX_ID = asId<Parameters<Channel["send"]>[3]["outboxId"]>(
  "01890000-0000-7000-8000-000000000001",
);

/**
 * What the line relies on in every channel. `open` is called before each test.
 *
 * ```ts
 * describeChannel("telegram", async () => ({ channel: createTelegramChannel(…), … }));
 * ```
 */
export function describeChannel(name: string, open: () => Promise<ChannelBench>): void {
  describe(`${name} as a channel`, () => {
    let bench: ChannelBench;
    let sends = 0;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(async () => {
      await bench.close();
    });

    const send = (
      part: ChannelPart,
      signal = new AbortController().signal,
      chatKey = bench.chatKey,
    ) => {
      sends += 1;
      const outboxId = `${OUTBOX_ID.slice(0, -6)}${String(sends).padStart(6, "0")}`;
      return bench.channel.send(bench.bot, chatKey, part, { signal, outboxId: asId(outboxId) });
    };
    const arrange = async (situation: Situation, context: TestContext) => {
      const step = bench.arrange[situation];
      if (typeof step === "function") await step();
      else context.skip(step.notApplicable);
    };

    describeRender(() => bench);
    describeSend({ bench: () => bench, send, arrange });
    describeReceiving(() => bench);
  });
}

function describeRender(bench: () => ChannelBench): void {
  it("renders at least one part, also of an empty reply", () => {
    for (const reply of [
      textReply(""),
      textReply(" \n "),
      { kind: "text", paragraphs: [] } as const,
    ]) {
      expect(bench().channel.render(reply).length).toBeGreaterThanOrEqual(1);
    }
  });

  it("renders parts that survive being stored as JSON", () => {
    fc.assert(
      fc.property(replies, (reply) => {
        const parts = bench().channel.render(reply);
        expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
      }),
      { numRuns: 200 },
    );
  });

  it("renders the same parts from the same reply", () => {
    const reply = textReply("Artículo 1.\nArtículo 2.");
    expect(bench().channel.render(reply)).toEqual(bench().channel.render(reply));
  });

  it("says all words in order, no part longer than the network takes, no character broken", () => {
    fc.assert(
      fc.property(replies, (reply) => {
        const texts = bench()
          .channel.render(reply)
          .map((part) => bench().textOf(part));
        for (const text of texts) {
          expect(text.length).toBeLessThanOrEqual(bench().maxTextLength);
          expect(text.isWellFormed()).toBe(true);
        }
        const said = withoutSpace(
          reply.paragraphs
            .flat()
            .map((span) => span.text)
            .join(""),
        );
        if (said !== "") expect(withoutSpace(texts.join(""))).toBe(said);
      }),
      { numRuns: 300 },
    );
  });

  it("splits a text of 10,000 characters", () => {
    const long = "La municipalidad acuerda publicar. ".repeat(300);
    const parts = bench().channel.render(textReply(long));
    expect(parts.length).toBeGreaterThanOrEqual(
      Math.ceil(long.trim().length / bench().maxTextLength),
    );
  });
}

interface Sending {
  readonly bench: () => ChannelBench;
  readonly send: (
    part: ChannelPart,
    signal?: AbortSignal,
    chatKey?: string,
  ) => Promise<SendOutcome>;
  readonly arrange: (situation: Situation, context: TestContext) => Promise<void>;
}

function describeSend({ bench, send, arrange }: Sending): void {
  const part = (text = "Buenas tardes") => firstPart(bench().channel, textReply(text));

  it("reports what arrived as sent, with an id of its own", async () => {
    const outcomes = [await send(part("uno")), await send(part("dos"))];
    const ids = outcomes.map((outcome) => outcome.kind === "sent" && outcome.networkMessageId);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["sent", "sent"]);
    expect(new Set(ids).size).toBe(2);
    expect(await bench().delivered()).toEqual(["uno", "dos"]);
  });

  it("sends all that it renders", async () => {
    const reply = textReply("Se publica lo siguiente, para lo que corresponda. ".repeat(250));
    const parts = bench().channel.render(reply);
    for (const each of parts) expect(await send(each)).toMatchObject({ kind: "sent" });
    expect(await bench().delivered()).toEqual(parts.map((each) => bench().textOf(each)));
  });

  it("sends formatting, links and buttons", async () => {
    const reply: Reply = {
      kind: "text",
      paragraphs: [
        [
          { text: "Según " },
          { text: "La Gaceta", style: "bold", url: "https://www.imprentanacional.go.cr/" },
        ],
        [
          { text: "😀 " },
          { text: "art. 3", style: "code" },
          { text: " y " },
          { text: "siguientes", style: "italic" },
        ],
      ],
      buttons: [{ label: "Hablar con una persona", data: "handover" }],
    };
    expect(await send(firstPart(bench().channel, reply))).toMatchObject({ kind: "sent" });
  });

  it("sends a document", async () => {
    const reply: Reply = {
      kind: "document",
      fileName: 'mis datos; "copia".json',
      mimeType: "application/json",
      contentBase64: Buffer.from('{"ñ":1}').toString("base64"),
      caption: "Sus datos",
    };
    expect(await send(firstPart(bench().channel, reply))).toMatchObject({ kind: "sent" });
  });

  it("is refused, and waits as long as the network asks", async (context) => {
    await arrange("too-many-requests", context);
    const outcome = await send(part());
    expect(outcome).toMatchObject({ kind: "refused", retry: { afterMs: expect.any(Number) } });
    expect(await bench().delivered()).toEqual([]);
    expect(await send(part())).toMatchObject({ kind: "sent" });
  });

  it("is refused for good by a person who blocked the bot", async (context) => {
    await arrange("blocked", context);
    expect(await send(part())).toMatchObject({
      kind: "refused",
      retry: "never",
      contactLost: true,
    });
  });

  it("sends once as plain text what is refused for its formatting", async (context) => {
    await arrange("bad-format", context);
    const styled: Reply = { kind: "text", paragraphs: [[{ text: "Decreto", style: "bold" }]] };
    expect(await send(firstPart(bench().channel, styled))).toMatchObject({ kind: "sent" });
    expect(await bench().delivered()).toEqual(["Decreto"]);
  });

  it("does not know after an error of the network", async (context) => {
    await arrange("error-after-accepting", context);
    expect(await send(part())).toMatchObject({ kind: "unknown" });
    expect(await bench().delivered()).toEqual(["Buenas tardes"]);
  });

  it("does not know when the answer was lost, and does not send again by itself", async (context) => {
    await arrange("answer-lost", context);
    expect(await send(part())).toMatchObject({ kind: "unknown" });
    expect(await bench().delivered()).toEqual(["Buenas tardes"]);
  });

  it("is refused, to be tried again, when nobody listens", async (context) => {
    await arrange("unreachable", context);
    expect(await send(part())).toMatchObject({ kind: "refused", retry: "backoff" });
  });

  it("does not know when aborted while waiting for the answer", async (context) => {
    await arrange("never-answers", context);
    expect(await send(part(), AbortSignal.timeout(300))).toMatchObject({ kind: "unknown" });
  });

  it("is refused when aborted before it began", async () => {
    const outcome = await send(part(), AbortSignal.abort());
    expect(outcome).toMatchObject({ kind: "refused", retry: "backoff" });
    expect(await bench().delivered()).toEqual([]);
  });

  it("asks for a person when the credentials were withdrawn", async (context) => {
    await arrange("credentials-revoked", context);
    expect(await send(part())).toMatchObject({ kind: "refused", retry: "never", needsAuth: true });
  });

  it("names the chat's key to send to when it moved", async (context) => {
    await arrange("chat-moved", context);
    const outcome = await send(part());
    expect(outcome).toMatchObject({ kind: "refused", newChatKey: expect.any(String) });
    const newChatKey = outcome.kind === "refused" ? outcome.newChatKey : undefined;
    expect(await send(part(), undefined, newChatKey)).toMatchObject({ kind: "sent" });
  });

  it("never throws, whatever the chat's key", async () => {
    for (const chatKey of ["", "../getMe", "0", "9".repeat(40), "'; drop table outbox"]) {
      const outcome = await send(part(), undefined, chatKey);
      expect(["refused", "unknown", "sent"]).toContain(outcome.kind);
    }
  });

  it("shows typing without ever failing", async (context) => {
    const { channel, bot, chatKey } = bench();
    if (!showsTyping(channel)) return context.skip("this channel shows no typing");
    expect(channel.typingLastsMs).toBeGreaterThan(0);
    await channel.showTyping(bot, chatKey, new AbortController().signal);
    await channel.showTyping(bot, chatKey, AbortSignal.abort());
    await channel.showTyping(bot, "no such chat", new AbortController().signal);
  });
}

function describeReceiving(bench: () => ChannelBench): void {
  it("takes the network's webhook and no forgery", (context) => {
    const { channel, bot, webhook } = bench();
    if (!receivesWebhooks(channel) || webhook === undefined)
      return context.skip("this channel has no webhook");
    expect(channel.verifyWebhook(bot, webhook.genuine("hola"))).toBe(true);
    for (const [kind, request] of Object.entries(webhook.forged)) {
      expect(channel.verifyWebhook(bot, request), kind).toBe(false);
    }
    const withoutSecrets = { ...bot, secrets: {} };
    expect(channel.verifyWebhook(withoutSecrets, webhook.genuine("hola"))).toBe(false);
  });

  it("reads a message from the webhook, each with a key of its own", (context) => {
    const { channel, bot, webhook } = bench();
    if (!receivesWebhooks(channel) || webhook === undefined)
      return context.skip("this channel has no webhook");
    const read = (text: string) =>
      channel.readUpdate(bot, JSON.parse(webhook.genuine(text).rawBody.toString()));
    const [first, second] = [...read("¿Qué se publicó?"), ...read("Gracias")];
    expect(first).toMatchObject({
      isAddressed: true,
      chat: { kind: "private" },
      content: { kind: "text", text: "¿Qué se publicó?" },
    });
    expect(first?.updateKey).not.toBe(second?.updateKey);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect(new Date(first?.sentAt ?? "").toISOString()).toBe(first?.sentAt);
  });

  it("refuses what is not an update as bad-update, and throws nothing else", (context) => {
    const { channel, bot, webhook } = bench();
    if (!receivesWebhooks(channel) || webhook === undefined)
      return context.skip("this channel has no webhook");
    for (const body of [undefined, null, 1, "x", [], {}]) {
      expect(() => channel.readUpdate(bot, body)).toThrow(
        expect.objectContaining({ code: "bad-update", status: 400 }),
      );
    }
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        try {
          channel.readUpdate(bot, body);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad-update" });
        }
      }),
    );
  });

  it("polls again for what was not accepted, once for what was, and ends when told", async (context) => {
    const { channel, bot, say } = bench();
    if (!polls(channel) || say === undefined) return context.skip("this channel does not poll");
    const stop = new AbortController();
    const seen: string[] = [];
    let attempts = 0;
    const accept = async (messages: readonly IncomingMessage[]) => {
      attempts += 1;
      if (attempts === 1) throw new Error("the store is down");
      for (const { content } of messages) if (content.kind === "text") seen.push(content.text);
      if (seen.includes("tres")) stop.abort();
      else say("tres");
    };
    say("uno");
    say("dos");
    await channel.poll(bot, accept, stop.signal);
    expect(seen).toEqual(["uno", "dos", "tres"]);
  });
}

function firstPart(channel: Channel, reply: Reply): ChannelPart {
  const [part] = channel.render(reply);
  if (part === undefined) throw new Error("render gave no part");
  return part;
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}

const words = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "Se",
      "acuerda:",
      "publicar",
      "artículo",
      "n.º",
      "220.",
      "¿Cuándo?",
      "ñandú",
      "👩‍👩‍👧‍👦",
      "🇨🇷",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).map(printable),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 6_000 })
      .map((length) => "x😀".repeat(length).slice(0, length))
      .map(printable),
  },
);
const texts = fc
  .array(fc.tuple(words, fc.constantFrom(" ", " ", " ", "\n", "\n\n", "")), { maxLength: 400 })
  .map((pairs) => pairs.flat().join(""));
const spans: fc.Arbitrary<Span> = fc.record(
  {
    text: texts,
    style: fc.constantFrom("bold" as const, "italic" as const, "code" as const),
    url: fc.constantFrom(
      "https://www.boe.es/diario_boe/txt.php?id=BOE-A-2024-1",
      `https://example.org/${"a".repeat(900)}`,
    ),
  },
  { requiredKeys: ["text"] },
);

/** Control characters are not words: channels may drop them. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\s\ufffd]/gu, "");
}

/** Texts as an answer has them, and nastier: long words, emoji, many styles and links. */
const replies: fc.Arbitrary<Extract<Reply, { kind: "text" }>> = fc.record({
  kind: fc.constant("text" as const),
  paragraphs: fc.array(fc.array(spans, { maxLength: 6 }), { maxLength: 8 }),
  buttons: fc.array(
    fc.record({ label: fc.constant("Sí"), data: fc.constantFrom("a", "x".repeat(64)) }),
    { maxLength: 4 },
  ),
});
