import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { asId, type ConversationId } from "../../../src/core/ids.ts";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { obeyPrompt } from "../../stand-ins/llm/obedient-model.ts";
import { type EventReader, readEvents } from "../http-event-reader.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

let product: RunningProduct;
let model: LlmStandIn;
beforeAll(async () => {
  model = await startLlmStandIn({ protocol: "openai-chat", text: obeyPrompt });
  product = await startProduct({
    env: {
      LOCAL_LLM_BASE_URL: model.baseUrl,
      LOCAL_LLM_MODEL: "stand-in",
      MODEL_CHAIN_LARGE: "local:stand-in-large",
      ANSWER_CACHE: "off",
      MODEL_CHECK: "on",
    },
  });
});
afterAll(async () => {
  await product?.close();
  await model?.close();
});

const QUESTION = "¿Qué dice la orden sobre la Oficina Consular en El Calafate?";
const ABOUT_CALAFATE =
  "La Oficina Consular honoraria en El Calafate atiende Río Chico y Lago Argentino";
const COMPARISON =
  "Compara la orden sobre la Oficina Consular en El Calafate con la resolución de los gases licuados del petróleo";

/** What a citizen says and what must be in, and not in, the answer. */
const TALK: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [QUESTION, [ABOUT_CALAFATE, "p. 41275"], ["Cita textual"]],
  [
    "¿y quién la firma?",
    ["La firma el Ministro José Manuel Albares Bueno", "p. 41276"],
    ["Río Chico"],
  ],
  [
    COMPARISON,
    [ABOUT_CALAFATE, "precios de venta de los gases", "p. 41275", "p. 41369"],
    ["Cita textual"],
  ],
  ["¿Quién ganó el mundial de ajedrez en Nepal?", [es.abstention.notFound], [ABOUT_CALAFATE]],
  [
    "Which departments does the consular office in El Calafate cover?",
    ["The honorary Consular Office in El Calafate covers Río Chico and Lago Argentino"],
    ["Cita textual", "Quoted word for word", "I did not find"],
  ],
];

function expectAnswer(text: string, [asked, has, lacks]: (typeof TALK)[number]): void {
  for (const part of has) expect(text, asked).toContain(part);
  for (const part of lacks) expect(text, asked).not.toContain(part);
}

describe("a talk of questions that lean on each other", () => {
  it("through Telegram", async () => {
    const ana = product.standIn.user(701, { languageCode: "es" });
    for (const step of TALK) {
      const answers = await product.ask(ana, step[0]);
      expect(answers, step[0]).toHaveLength(1);
      expectAnswer(answers[0]?.text ?? "", step);
    }
  });

  it("through the web chat", async () => {
    const visitor = await visitChat();
    try {
      for (const step of TALK) expectAnswer(await visitor.ask(step[0]), step);
    } finally {
      visitor.events.close();
    }
  });

  it("leaves a passport that tells who planned, what was found, which model wrote", async () => {
    const berta = product.standIn.user(702, { languageCode: "es" });
    await product.ask(berta, QUESTION);
    const { updateId } = berta.send(COMPARISON);
    const { events } = await product.settled(updateId);
    const details = (kind: string) =>
      events.filter((event) => event.kind === kind).map(({ detail }) => detail);
    expect(details("planned")).toContainEqual(
      expect.objectContaining({ intent: "comparison", planner: "openai-compatible:stand-in" }),
    );
    expect(details("model-tried")).toContainEqual(
      expect.objectContaining({ purpose: "plan", outcome: "answered" }),
    );
    expect(details("model-tried")).toContainEqual(
      expect.objectContaining({ outcome: "citations-verified", sentencesRemoved: 0 }),
    );
    expect(details("model-tried")).toContainEqual(
      expect.objectContaining({
        model: "openai-compatible:stand-in-large",
        route: "large",
        need: "comparison",
        outcome: "answered",
      }),
    );
    expect(details("model-tried")).toContainEqual(
      expect.objectContaining({ purpose: "check", outcome: "answered" }),
    );
    expect(details("model-tried")).toContainEqual({
      outcome: "grounding-checked",
      sentencesRemoved: 0,
    });
    expect(JSON.stringify(events)).not.toContain("Calafate");
  });

  it("is summed up when it grows long, and the summary is handed over and erased on request", async () => {
    const visitor = await visitChat();
    try {
      await visitor.ask(QUESTION);
      const conversationId = await newestConversation();
      for (let turn = 0; turn < 5; turn += 1) await visitor.ask("/idioma es");
      const exported = async () =>
        JSON.stringify(
          await product.installation.citizenData.export(
            product.installation.tenantId,
            conversationId,
          ),
        );
      expect(await exported()).toContain('"summary"');
      expect(await visitor.ask("/exportar")).toContain(es.exportData.caption);
      expect(await visitor.ask("/borrar")).toContain(es.erase.ask);
      expect(await visitor.ask(es.erase.phrase)).toContain(es.erase.done);
      for (const kept of ['"summary"', "41275"]) expect(await exported()).not.toContain(kept);
    } finally {
      visitor.events.close();
    }
  });

  it("ends what is sent unasked by BAJA, on any channel, and goes on", async () => {
    const eva = product.standIn.user(705, { languageCode: "es" });
    expect((await product.ask(eva, "BAJA")).map(({ text }) => text)).toEqual([
      es.broadcasts.refused,
    ]);
    expect((await product.ask(eva, QUESTION))[0]?.text).toContain(ABOUT_CALAFATE);
    const visitor = await visitChat();
    try {
      expect(await visitor.ask("baja")).toBe(es.broadcasts.refused);
      expect(await visitor.ask("ALTA")).toBe(es.broadcasts.accepted);
    } finally {
      visitor.events.close();
    }
    const { database, tenantId } = product.installation;
    const choices = await database.asTenant(tenantId, (tx) =>
      tx.query<{ taken: boolean }>(
        "select takes_broadcasts as taken from conversation where broadcasts_chosen_at is not null order by 1",
        [],
      ),
    );
    expect(choices).toEqual([{ taken: false }, { taken: true }]);
  });

  it("keeps what was chosen in /preferencias, and asks the model to write accordingly", async () => {
    const dario = product.standIn.user(704, { languageCode: "es" });
    const [shown] = await product.ask(dario, "/preferencias");
    const labels = shown?.buttons.flat().map(({ text }) => text);
    expect(labels).toContain(es.preferences.levelButtons.simple);
    const [changed] = await product.ask(dario, "/preferencias sencilla");
    expect(changed?.text).toContain(es.preferences.levels.simple);
    const before = model.calls.length;
    await product.ask(dario, QUESTION);
    const asked = JSON.stringify(model.calls.slice(before).map(({ body }) => body));
    expect(asked).toContain("trouble with long texts");
  });
});

/** The conversation that began last. */
async function newestConversation(): Promise<ConversationId> {
  const { database, tenantId } = product.installation;
  const rows = await database.asTenant(tenantId, (tx) =>
    tx.query<{ id: string }>("select id from conversation order by created_at desc limit 1", []),
  );
  return asId(rows[0]?.id ?? "");
}

/** A visitor of the chat page, who sees each answer as it comes. */
async function visitChat() {
  const bot = product.installation.registry.list().find(({ channel }) => channel === "web-chat");
  if (bot === undefined) throw new Error("The product has no web chat.");
  const page = await fetch(`${product.url}/chat/${bot.botKey}`);
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const api = `${product.url}/api/v1/chat/${bot.botKey}`;
  const events: EventReader = readEvents(`${api}/events`, { cookie });
  await events.next("ready");
  const nextPart = async () =>
    (JSON.parse((await events.next("entry")).data) as { part: { kind: string } }).part;
  return {
    events,
    async ask(text: string): Promise<string> {
      const response = await fetch(`${api}/messages`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify({ clientMessageId: randomUUID(), text }),
      });
      expect(response.status).toBe(202);
      // The visitor's own words come back first.
      await nextPart();
      return readText(await nextPart());
    },
  };
}

/** The words of a part, whatever its spans. */
function readText(part: unknown): string {
  if (typeof part === "string") return part;
  if (Array.isArray(part)) return part.map(readText).join("");
  if (typeof part !== "object" || part === null) return "";
  const { text, caption, paragraphs } = part as Readonly<Record<string, unknown>>;
  return Array.isArray(paragraphs)
    ? paragraphs.map(readText).join("\n")
    : readText(text ?? caption);
}
