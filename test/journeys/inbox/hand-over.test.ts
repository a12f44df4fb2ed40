import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { type EventReader, readEvents } from "../http-event-reader.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";
import { rowsWith } from "../telegram/dump-in-the-clear.ts";
import { type Agent, joinProduct } from "./agents.ts";

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";

let product: RunningProduct;
let ana: Agent;
let berta: Agent;
const readers: EventReader[] = [];
beforeAll(async () => {
  product = await startProduct();
  ana = await joinProduct(product, "ana@example.org");
  berta = await joinProduct(product, "berta@example.org");
});
afterAll(async () => {
  for (const reader of readers) reader.close();
  await product?.close();
});

/** A citizen on some channel: writes, and reads what comes, in order. */
interface Citizen {
  /** Resolves when the message was dealt with, whatever came of it. */
  say(text: string): Promise<void>;
  /** The next text that comes and was not read yet. */
  hear(): Promise<string>;
}

/** `unheard`: what came and was not read yet. */
function onTelegram(id: number): Citizen & { unheard(): readonly string[] } {
  const user = product.standIn.user(id, { firstName: "Elena", languageCode: "es" });
  let heard = 0;
  const texts = () => product.standIn.sent(id).map(({ text }) => text);
  return {
    async say(text) {
      await product.settled(user.send(text).updateId);
    },
    hear: () =>
      vi.waitFor(
        () => {
          const text = texts()[heard];
          if (text === undefined) throw new Error("Nothing came.");
          heard += 1;
          return text;
        },
        { timeout: 30_000, interval: 40 },
      ),
    unheard: () => texts().slice(heard),
  };
}

async function onWebChat(): Promise<Citizen> {
  const bot = product.installation.registry.list().find(({ channel }) => channel === "web-chat");
  const page = await fetch(`${product.url}/chat/${bot?.botKey}`);
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const at = `${product.url}/api/v1/chat/${bot?.botKey}`;
  const reader = readEvents(`${at}/events`, { cookie });
  readers.push(reader);
  await reader.next("ready");
  const own = new Set<string>();
  return {
    async say(text) {
      const clientMessageId = randomUUID();
      own.add(text);
      const response = await fetch(`${at}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify({ clientMessageId, text }),
      });
      const { messageId } = (await response.json()) as { messageId: string };
      await product.settled(messageId);
    },
    async hear() {
      for (;;) {
        const { part } = JSON.parse((await reader.next("entry")).data);
        const text = (part.paragraphs ?? [])
          .map((spans: { text: string }[]) => spans.map((span) => span.text).join(""))
          .join("\n");
        if (!own.has(text) && part.kind !== "visitor") return text;
      }
    },
  };
}

const api = (agent: Agent, method: string, path: string, body?: unknown, headers = {}) =>
  agent.browser.call(method, `/api/v1${path}`, body, { headers });

async function conversationWith(words: string, agent = ana): Promise<string> {
  const { json } = await api(agent, "GET", `/conversations?q=${encodeURIComponent(words)}`);
  expect(json.conversations).toHaveLength(1);
  return json.conversations[0].conversationId;
}

describe.each([
  ["Telegram", async () => onTelegram(701)],
  ["the web chat", onWebChat],
] as const)("a hand-over on %s", (name, open) => {
  it("silences the bot, carries what the person writes once, and gives back with the memory", async () => {
    const citizen = await open();
    const mark = name === "Telegram" ? "zarigüeya" : "quetzal";
    await citizen.say(`${QUESTION} ${mark}`);
    expect(await citizen.hear()).toContain("Calafate");
    const id = await conversationWith(mark);

    const claimed = await api(ana, "PUT", `/conversations/${id}/hold`, { minutes: 10 });
    expect([claimed.status, claimed.json.by]).toEqual([200, { personId: ana.id, name: "ana" }]);
    expect(await citizen.hear()).toBe(es.person.takenOver);
    expect((await api(berta, "PUT", `/conversations/${id}/hold`, {})).json).toMatchObject({
      status: 409,
      code: "conversation-taken",
    });

    await citizen.say("¿me puede ayudar con otra cosa?");
    const key = { "idempotency-key": randomUUID() };
    const reply = { text: "Con gusto: pase a la ventanilla 4." };
    const first = await api(ana, "POST", `/conversations/${id}/replies`, reply, key);
    const again = await api(ana, "POST", `/conversations/${id}/replies`, reply, key);
    expect([first.status, again.text]).toEqual([202, first.text]);
    expect(await citizen.hear()).toBe(reply.text);
    await product.settled(first.json.outboxIds[0]);

    const noted = await api(ana, "POST", `/conversations/${id}/notes`, {
      text: "ojo canario-nota",
    });
    expect(noted.status).toBe(201);
    const released = await api(ana, "POST", `/conversations/${id}/release`, {
      summary: "Se le indicó la ventanilla 4.",
    });
    expect(released.status).toBe(204);
    expect(await citizen.hear()).toBe(es.person.givenBack);

    await citizen.say(
      "¿y desde cuándo está en vigor la orden de la Oficina Consular en El Calafate?",
    );
    expect(await citizen.hear()).not.toBe("");

    const history = await api(ana, "GET", `/conversations/${id}/history?limit=100`);
    const kinds = history.json.entries.map(({ kind }: { kind: string }) => kind).reverse();
    expect(kinds).toEqual([
      "heard",
      "answered",
      "notice",
      "heard",
      "reply",
      "note",
      "notice",
      "heard",
      "answered",
    ]);
    const written = history.json.entries.find(({ kind }: { kind: string }) => kind === "reply");
    expect(written).toMatchObject({ author: { personId: ana.id }, parts: [{ state: "sent" }] });
    const rows = await rowsWith(/canario-nota/, product.installation);
    expect(rows.map((row) => row.split(" ")[0])).toEqual(
      name === "Telegram" ? ["conversation_note"] : ["conversation_note", "conversation_note"],
    );
    expect(await rowsWith(/ventanilla 4/, product.installation)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^conversation .*With a person of the staff/)]),
    );
  });
});

describe("a citizen who wants a person", () => {
  it("asks in their own words, is told so, and is on the list until nobody is needed", async () => {
    const citizen = onTelegram(702);
    await citizen.say("Quiero hablar con una persona, soy mapache");
    expect(await citizen.hear()).toBe(es.person.asked);
    const id = await conversationWith("mapache");
    const waiting = await api(ana, "GET", "/conversations?state=waiting-for-person");
    expect(waiting.json.conversations).toMatchObject([
      { conversationId: id, asked: { why: "words" }, unread: 1 },
    ]);
    await citizen.say("/persona");
    expect(await citizen.hear()).toBe(es.person.alreadyAsked);
    await citizen.say("/bot");
    expect(await citizen.hear()).toBe(es.person.notNeeded);
    const none = await api(ana, "GET", "/conversations?state=waiting-for-person");
    expect(none.json.conversations).toEqual([]);
  });

  it("keeps their rights while a person has the conversation", async () => {
    const citizen = onTelegram(703);
    await citizen.say("hola ornitorrinco");
    await citizen.hear();
    const id = await conversationWith("ornitorrinco");
    await api(ana, "PUT", `/conversations/${id}/hold`, {});
    expect(await citizen.hear()).toBe(es.person.takenOver);
    await citizen.say("hola?");
    await citizen.say("BAJA");
    expect(await citizen.hear()).toBe(es.broadcasts.refused);
    expect(citizen.unheard()).toEqual([]);
    await citizen.say("/borrar");
    await citizen.hear();
    await citizen.say(es.erase.phrase);
    expect(await citizen.hear()).toBe(es.erase.done);
    expect(await rowsWith(/ornitorrinco/, product.installation)).toEqual([]);
    const gone = await api(ana, "POST", `/conversations/${id}/replies`, { text: "¿sigue ahí?" });
    expect(gone.json).toMatchObject({ status: 409, code: "contact-unreachable" });
  });

  it("is told when people are there, outside their hours", async () => {
    const { installation } = product;
    const hours = { timeZone: "America/Costa_Rica", days: {}, holidays: [] };
    await installation.assistants.save(
      installation.tenantId,
      "horario",
      { greeting: "¡Pura vida!", workingHours: hours, handOver: { afterAbstentions: 2 } },
      "test",
    );
    const citizen = onTelegram(704);
    await citizen.say("hola");
    expect(await citizen.hear()).toBe("¡Pura vida!");
    await citizen.say("/persona");
    expect(await citizen.hear()).toBe(`${es.person.asked} ${es.person.closed(undefined)}`);
    await citizen.say("/bot");
    await citizen.hear();
    await citizen.say("¿Quién ganó el mundial de ajedrez en Nepal?");
    expect(await citizen.hear()).not.toContain(es.person.askedByItself);
    await citizen.say("¿Cuánto mide la torre de Pisa inclinada?");
    expect(await citizen.hear()).toContain(es.person.askedByItself);
  });
});

describe("a file that a person sends", () => {
  it("arrives as what its bytes say, and is refused when they say nothing good", async () => {
    const citizen = onTelegram(705);
    await citizen.say("hola guacamaya");
    await citizen.hear();
    const id = await conversationWith("guacamaya");
    const file = (bytes: string) => ({
      fileName: "bases.pdf",
      contentBase64: Buffer.from(bytes).toString("base64"),
    });
    const refused = await api(ana, "POST", `/conversations/${id}/replies`, {
      files: [file("<svg onload='alert(1)'/>")],
    });
    expect(refused.json).toMatchObject({ status: 400, code: "file-refused" });
    const sent = await api(ana, "POST", `/conversations/${id}/replies`, {
      text: "Aquí las bases",
      files: [file("%PDF-1.4 bases")],
    });
    expect(sent.status).toBe(202);
    expect(await citizen.hear()).toBe(es.person.takenOver);
    await product.settled(sent.json.outboxIds[0]);
    const { json } = await api(ana, "GET", `/conversations/${id}/history`);
    expect(json.entries[0]).toMatchObject({
      kind: "reply",
      text: "Aquí las bases",
      files: [{ fileName: "bases.pdf", mimeType: "application/pdf" }],
      parts: [{ state: "sent" }],
    });
  });
});

describe("canned replies", () => {
  it("are filled for a conversation, and changed by who read them last", async () => {
    const citizen = onTelegram(706);
    await citizen.say("hola tucán");
    await citizen.hear();
    const id = await conversationWith("tucán");
    const texts = { es: "Buenos días, {nombre}. Soy {agente}." };
    const path = "/canned-replies/saludo";
    expect((await api(ana, "PUT", path, { texts })).status).toBe(428);
    const made = await api(ana, "PUT", path, { texts }, { "if-none-match": "*" });
    expect([made.status, made.headers.get("etag")]).toEqual([201, '"r1"']);
    expect((await api(berta, "PUT", path, { texts }, { "if-match": '"r7"' })).status).toBe(412);
    const wrong = { texts: { es: "Vea {enlace}" } };
    const refused = await api(ana, "PUT", path, wrong, { "if-match": '"r1"' });
    expect(refused.json.fields).toMatchObject([{ field: "texts.es" }]);
    const filled = await api(ana, "POST", `${path}/fill`, { conversationId: id });
    expect(filled.json.text).toBe("Buenos días, Elena. Soy ana.");
    expect((await api(berta, "GET", path)).json.used).toBe(1);
    expect((await api(ana, "DELETE", path, undefined, { "if-match": '"r1"' })).status).toBe(204);
  });
});

describe("ids of another tenant's conversations", () => {
  it("are as unknown as ids of none, wherever they are sent", async () => {
    const citizen = onTelegram(707);
    await citizen.say("hola pizote");
    await citizen.hear();
    const id = await conversationWith("pizote");
    const other = randomUUID();
    const tenantId = other as typeof product.installation.tenantId;
    await product.installation.database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Otra')", [other, other]),
    );
    const eva = await joinProduct(product, "eva@example.org", "agent", tenantId);
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["GET", "/history", undefined],
      ["PUT", "/hold", {}],
      ["POST", "/release", {}],
      ["POST", "/replies", { text: "hola" }],
      ["PUT", "/seen", undefined],
      ["PUT", "/state", { state: "closed" }],
      ["PUT", "/tags", { tags: ["x"] }],
      ["POST", "/notes", { text: "x" }],
      ["PUT", "/assignment", { personId: null }],
    ] as const) {
      const [foreign, missing] = [
        await api(eva, method, `/conversations/${id}${path}`, body),
        await api(eva, method, `/conversations/${randomUUID()}${path}`, body),
      ];
      const told = ({ text }: { text: string }) => text.replace(/"requestId":"[^"]*"/, "");
      expect([foreign.status, told(foreign)], `${method} ${path}`).toEqual([404, told(missing)]);
    }
    expect((await api(eva, "GET", "/conversations?q=pizote")).json.conversations).toEqual([]);
    const assigned = await api(ana, "PUT", `/conversations/${id}/assignment`, { personId: eva.id });
    expect(assigned.status).toBe(404);
  });
});
