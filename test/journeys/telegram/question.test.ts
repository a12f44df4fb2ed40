import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import type { SentMessage } from "../../stand-ins/telegram/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

let product: RunningProduct;
let model: LlmStandIn;
beforeAll(async () => {
  model = await startLlmStandIn({ protocol: "openai-chat", text: writeFromPassages });
  product = await startProduct();
});
afterAll(async () => {
  await product?.close();
  await model?.close();
});

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
const SENTENCE = "La Oficina Consular honoraria en El Calafate atiende Río Chico y Lago Argentino";

/** A model that obeys: it cites the passage that holds the fact. As long as the question asks for. */
function writeFromPassages(body: Readonly<Record<string, unknown>>): string {
  const prompt = JSON.stringify(body.messages);
  const [before = ""] = prompt.split("circunscripción consular en los departamentos");
  const number = before.match(/passage number=\\"(\d+)\\"/g)?.length ?? 1;
  const times = prompt.includes("con mucho detalle") ? 90 : 1;
  return Array.from({ length: times }, () => `${SENTENCE} [${number}].`).join(" ");
}

const links = (message: SentMessage | undefined) =>
  (message?.entities ?? []).flatMap(({ url }) => (typeof url === "string" ? [url] : []));

describe("a question in a private chat", () => {
  it("is answered from the gazette, with the page cited and a link that opens it", async () => {
    const ana = product.standIn.user(101, { languageCode: "es" });
    const [answer, ...more] = await product.ask(ana, QUESTION);
    expect(more).toEqual([]);
    expect(answer?.text).toContain("Calafate");
    expect(answer?.text).toMatch(
      /\[1\] Boletín Oficial del Estado n\.º 92, 15 abr 2024, p\. 4127[56]/,
    );
    const [link = ""] = links(answer);
    const page = await fetch(link);
    expect(page.status, link).toBe(200);
    expect(await page.text()).toContain("Calafate");
  });

  it("brings the notice that this is no legal advice once per conversation", async () => {
    const berta = product.standIn.user(102, { languageCode: "es" });
    const [first] = await product.ask(berta, QUESTION);
    const [second] = await product.ask(berta, "¿Qué nuevos precios de gases licuados se publican?");
    expect(first?.text).toContain(es.disclaimer);
    expect(second?.text).toContain("[1]");
    expect(second?.text).not.toContain(es.disclaimer);
  });

  it("that the gazette does not answer is told so, with the nearest pages", async () => {
    const carlos = product.standIn.user(103, { languageCode: "es" });
    const [answer] = await product.ask(carlos, "¿Quién ganó el mundial de ajedrez en Nepal?");
    expect(answer?.text).toContain(es.abstention.notFound);
    expect(answer?.text).not.toContain(es.disclaimer);
  });

  it("leaves a passport from the first byte to Telegram's id, and no word of it in the log", async () => {
    const dora = product.standIn.user(104, { firstName: "Dorotea", languageCode: "es" });
    const { updateId } = dora.send(`${QUESTION} canario-del-registro`);
    const [answer] = await product.repliesTo(104, updateId);
    const passport = await product.settled(updateId);
    const kinds = passport.events.map(({ kind }) => kind);
    const journey = ["received", "leased", "planned", "retrieved", "planned", "answered", "queued"];
    expect(kinds.filter((kind) => journey.includes(kind))).toEqual(journey);
    expect(kinds.slice(-2)).toEqual(["attempting", "sent"]);
    expect(passport.parts[0]?.networkMessageId).toBe(String(answer?.messageId));
    expect(JSON.stringify(passport)).not.toContain("canario");
    const log = product.logLines.join("");
    for (const secret of ["canario", "Dorotea", product.bot.token])
      expect(log).not.toContain(secret);
  });
});

describe("with a model", () => {
  beforeAll(() =>
    product.restart({
      env: {
        LOCAL_LLM_BASE_URL: model.baseUrl,
        LOCAL_LLM_MODEL: "stand-in",
        // The same question is asked in each test, and each is to reach the model.
        ANSWER_CACHE: "off",
      },
    }),
  );

  it("shows typing while it thinks, and then says what it wrote", async () => {
    model.failNext({ kind: "slow", firstMs: 2_500, betweenMs: 30 });
    const eva = product.standIn.user(105, { languageCode: "es" });
    const typing = new Promise<number>((resolve) => {
      product.standIn.events.on("typing", ({ chatId }: { chatId: number }) => {
        if (chatId === 105) resolve(Date.now());
      });
    });
    const [answer] = await product.ask(eva, QUESTION);
    expect(answer?.text).toContain(`${SENTENCE}. [1]`);
    expect(answer?.text).not.toContain("Cita textual");
    expect(await typing).toBeLessThan(answer?.atMs ?? 0);
    expect(product.standIn.isTyping(105)).toBe(false);
  });

  it("splits a long answer into messages that Telegram takes, in order, no word lost", async () => {
    const gema = product.standIn.user(130, { languageCode: "es" });
    const parts = await product.ask(gema, `${QUESTION} Explíquelo con mucho detalle.`);
    expect(parts.length).toBeGreaterThan(1);
    for (const { text } of parts) expect(text.length).toBeLessThanOrEqual(4096);
    const whole = parts.map(({ text }) => text).join(" ");
    expect(whole.split(SENTENCE)).toHaveLength(91);
    expect(parts.at(-1)?.text).toContain(es.disclaimer);
  });

  it.each([
    { kind: "cut" } as const,
    { kind: "clean-end" } as const,
    { kind: "in-band-error" } as const,
    { kind: "status", status: 500 } as const,
  ])("answers by quotation, whole and once, when the model dies: %o", async (fault) => {
    const id = 110 + model.calls.length;
    const fran = product.standIn.user(id, { languageCode: "es" });
    // A success in between, so that no breaker opens and each fault is met.
    await product.ask(product.standIn.user(id + 1_000, { languageCode: "es" }), QUESTION);
    model.failNext(fault, fault);
    const answers = await product.ask(fran, QUESTION);
    expect(answers).toHaveLength(1);
    expect(answers[0]?.text).toContain("Cita textual");
    expect(answers[0]?.text).not.toContain(SENTENCE);
    expect(product.standIn.sent(id)).toHaveLength(1);
  });

  it("asks the model a second time when it died once, and nobody notices", async () => {
    await product.ask(product.standIn.user(1_140, { languageCode: "es" }), QUESTION);
    model.failNext({ kind: "cut" });
    const hugo = product.standIn.user(140, { languageCode: "es" });
    const [answer] = await product.ask(hugo, QUESTION);
    expect(answer?.text).toContain(`${SENTENCE}. [1]`);
    expect(answer?.text).not.toContain("Cita textual");
  });

  it("asks the model once for what two people ask", async () => {
    await product.restart({
      env: { LOCAL_LLM_BASE_URL: model.baseUrl, LOCAL_LLM_MODEL: "stand-in" },
    });
    const before = model.calls.length;
    const [first, second] = [150, 151].map((id) =>
      product.standIn.user(id, { languageCode: "es" }),
    );
    if (first === undefined || second === undefined) throw new Error("two people");
    const [one] = await product.ask(first, QUESTION);
    const [other] = await product.ask(second, QUESTION.toUpperCase());
    expect(other?.text).toBe(one?.text);
    expect(model.calls.length).toBe(before + 1);
  });
});
