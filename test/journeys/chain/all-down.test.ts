import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { obeyPrompt } from "../../stand-ins/llm/obedient-model.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

const DOWN = { kind: "status", status: 503 } as const;
const QUESTION = "¿Qué dice la orden sobre la Oficina Consular en El Calafate?";
const WRITTEN =
  "La Oficina Consular honoraria en El Calafate atiende Río Chico y Lago Argentino. [1]";

let product: RunningProduct;
let links: readonly LlmStandIn[];
beforeAll(async () => {
  links = await Promise.all(
    (["openai-chat", "anthropic"] as const).map((protocol) =>
      startLlmStandIn({
        protocol,
        text: (body) => (protocol === "openai-chat" ? obeyPrompt(body) : "NO_ANSWER"),
      }),
    ),
  );
  const [local, anthropic] = links;
  product = await startProduct({
    env: {
      LOCAL_LLM_BASE_URL: local?.baseUrl ?? "",
      LOCAL_LLM_MODEL: "stand-in",
      ANTHROPIC_BASE_URL: anthropic?.baseUrl ?? "",
      ANTHROPIC_API_KEY: "key",
      ANTHROPIC_MODEL: "claude-haiku-4-5",
      MODEL_CHAIN: "local:stand-in,anthropic:claude-haiku-4-5",
      ANSWER_CACHE: "off",
    },
  });
});
afterAll(async () => {
  await product?.close();
  for (const link of links ?? []) await link.close();
});

let nextPerson = 800;

/** Another person asks; the messages that they see. */
async function askAnew() {
  nextPerson += 1;
  const person = product.standIn.user(nextPerson, { languageCode: "es" });
  const answers = await product.ask(person, QUESTION);
  expect(product.standIn.sent(nextPerson)).toHaveLength(1);
  return answers.map(({ text }) => text).join("\n");
}

interface Component {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
}

/** What /healthz says of each provider. */
async function providers(): Promise<readonly Component[]> {
  const response = await fetch(`${product.url}/healthz`);
  const { components } = (await response.json()) as { readonly components: readonly Component[] };
  return components.filter(({ kind }) => kind === "provider");
}

describe("when every provider says 503", () => {
  it("citizens are answered by quotation, whole and once, and by the model again when it is back", async () => {
    expect(await askAnew()).toContain(WRITTEN);
    // Two questions of up to two calls a link: at the third failure its breaker opens.
    for (const link of links) link.failNext(DOWN, DOWN, DOWN);
    for (let asked = 0; asked < 2; asked += 1) {
      const text = await askAnew();
      expect(text).toContain("Cita textual");
      expect(text).toContain("circunscripción consular en los departamentos");
      expect(text).toContain("[1] Boletín Oficial del Estado n.º 92");
      expect(text).not.toContain(WRITTEN);
    }
    const calls = links.map((link) => link.calls.length);
    expect(await askAnew()).toContain("Cita textual");
    expect(links.map((link) => link.calls.length)).toEqual(calls);
    const down = await providers();
    expect(down).toHaveLength(2);
    for (const seen of down) {
      expect(seen).toMatchObject({
        state: "down",
        evidence: expect.stringMatching(/[3-9] of \d+ calls failed.*is open until/),
        action: expect.stringContaining("status page"),
      });
    }
    // The breakers' first pause is five seconds; nobody restarts anything.
    await vi.waitFor(async () => expect(await askAnew()).toContain(WRITTEN), {
      timeout: 60_000,
      interval: 1_000,
    });
    await expect
      .poll(async () => (await providers()).find(({ id }) => id === "openai-compatible")?.state, {
        timeout: 30_000,
      })
      .toBe("degraded");
  });
});
