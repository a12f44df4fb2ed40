import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { buttonsOf, citizen, passage, XARDIC } from "./__fixtures__/citizen.ts";
import { apologyReply, replyText } from "./format-reply.ts";

describe("a question", () => {
  it("is answered by a quotation that says so, with edition, date, printed page and link", async () => {
    const { say } = citizen();
    const { text, replies, turns } = await say("quien quiere registrar XARDIC y para que es?");
    expect(text).toContain(
      "Cita textual de La Gaceta n.º 220, 14 de noviembre de 2014, página 12:",
    );
    expect(text).toContain("XARDIC como marca de fábrica");
    expect(text).toContain("[1] La Gaceta n.º 220, 14 nov 2014, p. 12");
    const spans = replies[0]?.kind === "text" ? replies[0].paragraphs.flat() : [];
    expect(spans.find(({ text }) => text.startsWith("La Gaceta n.º"))?.url).toBe(
      "https://gaceta.example/gazettes/la-gaceta/2014-11-14/pages/1?document=LaGaceta%20220.pdf&hl=1",
    );
    expect(turns.map(({ speaker }) => speaker)).toEqual(["citizen", "assistant"]);
    expect(turns[1]?.citations).toHaveLength(1);
  });

  it("carries no link when no public address is known", async () => {
    const { say } = citizen({ publicUrl: undefined });
    const { replies, turns } = await say("¿quién pide XARDIC?");
    const spans = replies[0]?.kind === "text" ? replies[0].paragraphs.flat() : [];
    expect(spans.every(({ url }) => url === undefined)).toBe(true);
    expect(turns[1]?.citations[0]?.url).toMatch(/^\/gazettes\/la-gaceta\//);
  });

  it("is answered in at most about 1,200 characters, however long the passages", async () => {
    const long = `${XARDIC} `.repeat(20);
    const { say } = citizen({
      passages: [
        passage(long),
        passage(`SCOTIA COOL tarjeta de débito ${long}`, { id: 2, page: 3, score: 9 }),
      ],
    });
    const { text } = await say("¿cuál metieron primero, XARDIC o SCOTIA COOL?");
    expect(text).toContain("[2]");
    expect(text.length).toBeLessThan(1_250);
  });

  it("is given the notice about legal advice once per conversation", async () => {
    const { say } = citizen();
    expect((await say("¿quién pide XARDIC?")).text).toContain("no es asesoría legal");
    expect((await say("¿y en qué clase?")).text).not.toContain("asesoría legal");
  });

  it("that the gazettes do not answer is told so, with the nearest pages and what to try", async () => {
    const { say } = citizen({ isAnswerable: false });
    const { text, turns } = await say("precio de la gasolina");
    expect(text).toContain("No encontré la respuesta");
    expect(text).toContain("/fuentes");
    expect(text).toContain("[1] La Gaceta n.º 220");
    expect(turns[1]?.citations).toHaveLength(1);
  });

  it("is told of no pages when nothing was found at all", async () => {
    const { say } = citizen({ passages: [] });
    expect((await say("precio de la gasolina")).text).not.toContain("[1]");
  });

  it("of 10,000 characters is cut at 4,000, and the person is told", async () => {
    const { say, queries, notes } = citizen();
    const { text, turns } = await say(`quien pide XARDIC ${"palabra ".repeat(1_250)}`);
    expect(queries[0]?.question.length).toBe(4_000);
    expect(text).toContain("leí los primeros 4000 caracteres");
    expect(turns[0]?.text.length).toBe(4_000);
    expect(notes.some(({ detail }) => detail.questionCutTo === 4_000)).toBe(true);
  });

  it("about a date without editions is not answered from others, but told the nearest pages", async () => {
    const { say, queries } = citizen({
      plan: { dates: { from: "2026-11-20", to: "2026-11-20" } },
      retrieve: async (_tenantId, { dates }) => ({
        passages: dates === undefined ? [passage(XARDIC)] : [],
        isAnswerable: dates === undefined,
        confidence: 1,
        evidence: {},
      }),
    });
    const { text } = await say("¿quién pidió XARDIC ayer?");
    expect(queries.map(({ dates }) => dates?.from)).toEqual(["2026-11-20", undefined]);
    expect(text).toContain("No encontré la respuesta");
    expect(text).toContain("[1] La Gaceta n.º 220");
  });

  it("that goes on from the one before is searched with it", async () => {
    const { say, queries } = citizen();
    await say("¿quién pide XARDIC?");
    await say("¿Y en qué clase?");
    expect(queries.at(-1)?.question).toBe("¿quién pide XARDIC?\n¿Y en qué clase?");
  });

  it("whose passages cannot be read rejects so that the line tries again", async () => {
    const { say } = citizen({ retrieve: () => Promise.reject(new TypeError("broken")) });
    await expect(say("¿quién pide XARDIC?")).rejects.toMatchObject({
      code: "retrieval-failed",
      retry: "backoff",
    });
    const waiting = citizen({
      retrieve: () =>
        Promise.reject(new PregoneroError("store-unavailable", "down", { retry: { afterMs: 5 } })),
    });
    await expect(waiting.say("¿quién pide XARDIC?")).rejects.toMatchObject({
      code: "store-unavailable",
    });
  });
});

describe("languages", () => {
  it("follow the question, and stick for words that decide nothing", async () => {
    const { say } = citizen({ isAnswerable: false });
    expect((await say("quantas ambulâncias os bombeiros compraram?")).text).toContain(
      "Não encontrei",
    );
    expect((await say("Pratânia 2019")).text).toContain("Não encontrei");
    expect((await say("who signed the resolution?")).text).toContain("I did not find");
  });

  it("chosen by /idioma stay, whatever the question is written in", async () => {
    const { say, tap } = citizen({ isAnswerable: false });
    const asked = await say("/idioma");
    expect(buttonsOf(asked.replies[0]).map(({ label }) => label)).toEqual([
      "Español",
      "Português",
      "English",
    ]);
    expect((await tap("lang:en")).text).toContain("in English");
    expect((await say("quien quiere registrar la marca?")).text).toContain("I did not find");
    expect((await say("/idioma portugués")).text).toContain("em português");
    expect((await say("who signed the resolution?")).text).toContain("Não encontrei");
  });

  it("of a first command are the network's word, else the command's", async () => {
    expect((await citizen({ sender: { language: "pt" } }).say("/start")).text).toContain("Olá");
    expect((await citizen().say("/hoje")).text).toContain("de novembro de");
    expect((await citizen().say("/today")).text).toContain("14 November 2014");
  });
});

describe("what is no question", () => {
  it.each(["hola", "Buenos días!", "hola, ¿cómo está?", "oi, tudo bem?", "good morning"])(
    "%s is greeted",
    async (text) => {
      const { say, queries } = citizen();
      expect((await say(text)).replies).toHaveLength(1);
      expect(queries).toEqual([]);
    },
  );

  it.each([
    "gracias",
    "muchas gracias 🙏",
    "ok",
    "Obrigada!",
    "thank you so much",
    "listo, gracias",
  ])("%s is acknowledged", async (text) => {
    const { say, queries } = citizen();
    expect((await say(text)).text).toMatch(/gusto|De nada|welcome/);
    expect(queries).toEqual([]);
  });

  it("a greeting before a question does not hide it", async () => {
    const { say, queries } = citizen();
    await say("hola, vi una crema que se llama Dervida, de que empresa es?");
    expect(queries).toHaveLength(1);
  });

  it.each(["", "   \n ", "👍", "???", "🇨🇷❤️"])("%j gets a gentle prompt", async (text) => {
    const { say, queries } = citizen();
    expect((await say(text)).text).toContain("Escríbame con palabras");
    expect(queries).toEqual([]);
  });

  it.each(["sticker", "voice", "photo", "document", "location"] as const)(
    "a %s gets one friendly sentence",
    async (media) => {
      const { send } = citizen();
      expect((await send({ kind: "media", media })).text).toContain("solo leo texto");
    },
  );

  it("a picture's caption is read as the question", async () => {
    const { send, queries } = citizen();
    await send({ kind: "media", media: "photo", caption: "¿quién pide XARDIC?" });
    expect(queries[0]?.question).toBe("¿quién pide XARDIC?");
  });

  it("an album gets one answer, and its caption another when it comes late", async () => {
    const { send, queries, notes } = citizen();
    const picture = { kind: "media", media: "photo", albumKey: "a1" } as const;
    expect((await send(picture)).replies).toHaveLength(1);
    expect((await send(picture)).replies).toEqual([]);
    expect((await send({ ...picture, caption: "¿quién pide XARDIC?" })).replies).toHaveLength(1);
    expect((await send({ ...picture, caption: "¿quién pide XARDIC?" })).replies).toEqual([]);
    expect((await send(picture)).replies).toEqual([]);
    expect(queries).toHaveLength(1);
    expect(notes.at(-1)?.detail).toEqual({ silence: "album-answered" });
  });
});

describe("corrections", () => {
  it("of an answered message are not answered again", async () => {
    const { say, send, notes } = citizen();
    await say("¿quién pide XARDIC?", { id: "77" });
    const { replies, turns } = await send({
      kind: "edit",
      text: "¿quién pide ZARDIC?",
      editedMessageId: "77",
    });
    expect([replies, turns]).toEqual([[], []]);
    expect(notes.at(-1)?.detail).toEqual({ silence: "edit-of-answered-message" });
  });

  it("of a message that found nothing are answered, when the words changed", async () => {
    const { say, send, queries } = citizen({ isAnswerable: false });
    await say("¿quién pide ZARDIC?", { id: "77" });
    expect(
      (await send({ kind: "edit", text: "¿quién pide ZARDIC?", editedMessageId: "77" })).replies,
    ).toEqual([]);
    expect(
      (await send({ kind: "edit", text: "¿quién pide XARDIC?", editedMessageId: "77" })).replies,
    ).toHaveLength(1);
    expect(queries).toHaveLength(2);
  });

  it("are remembered for the last 50 messages", async () => {
    const { say, memory } = citizen();
    for (let id = 0; id < 60; id += 1) await say("gracias", { id: String(id) });
    expect(memory().answeredMessageIds).toHaveLength(50);
    expect(memory().answeredMessageIds.at(-1)).toBe("59");
  });
});

describe("limits, groups and membership", () => {
  it("more than 20 messages a minute get one notice, then silence, then answers again", async () => {
    const { say, advance, notes } = citizen();
    expect((await say("¿quién pide XARDIC?", { messagesLastMinute: 20 })).text).toContain("XARDIC");
    expect((await say("¿y la clase?", { messagesLastMinute: 21 })).text).toContain(
      "muchos mensajes",
    );
    expect((await say("¿y la clase?", { messagesLastMinute: 22 })).replies).toEqual([]);
    expect(notes.at(-1)?.detail).toEqual({ silence: "too-many-messages" });
    advance(61_000);
    expect((await say("¿y la clase?", { messagesLastMinute: 1 })).replies).toHaveLength(1);
    expect((await say("otra", { messagesLastMinute: 21 })).text).toContain("muchos mensajes");
  });

  it("group talk that is not for the bot is neither answered nor kept", async () => {
    const { say, notes } = citizen({ chat: "group" });
    const { replies, turns } = await say("¿quién viene al partido?", { isAddressed: false });
    expect([replies, turns]).toEqual([[], []]);
    expect(notes).toEqual([{ kind: "planned", detail: { silence: "not-addressed" } }]);
    expect((await say("¿quién pide XARDIC?")).replies).toHaveLength(1);
  });

  it("a sticker in a group is left alone, a captioned picture is answered", async () => {
    const { send } = citizen({ chat: "group" });
    expect((await send({ kind: "media", media: "sticker" })).replies).toEqual([]);
    const captioned = { kind: "media", media: "photo", caption: "¿quién pide XARDIC?" } as const;
    expect((await send(captioned)).replies).toHaveLength(1);
  });

  it("a block, a return and a move become effects, in silence", async () => {
    const { send } = citizen();
    const blocked = await send({ kind: "membership", change: "blocked" });
    expect([blocked.replies, blocked.effects]).toEqual([
      [],
      [{ kind: "set-reachable", reachable: false }],
    ]);
    expect((await send({ kind: "membership", change: "unblocked" })).effects).toEqual([
      { kind: "set-reachable", reachable: true },
    ]);
    expect((await send({ kind: "migration", newChatKey: "-100" })).effects).toEqual([
      { kind: "migrate-chat", newChatKey: "-100" },
    ]);
  });

  it("joining a group is followed by an introduction", async () => {
    const { text, turns } = await citizen({ chat: "group" }).send({
      kind: "membership",
      change: "joined",
    });
    expect(text).toContain("soy Pregonero");
    expect(turns.map(({ speaker }) => speaker)).toEqual(["assistant"]);
  });

  it("the apology is catalogue text in the citizen's language", () => {
    expect(replyText(apologyReply("pt"))).toContain("Desculpe");
  });
});
