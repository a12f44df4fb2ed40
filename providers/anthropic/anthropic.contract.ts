import { LLMock } from "@copilotkit/aimock";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { type LlmStandIn, startLlmStandIn } from "../../test/stand-ins/llm/llm-stand-in.ts";
import { describeLanguageModel } from "../conformance.ts";
import { createAnthropicModel } from "./anthropic-model.ts";

const REQUEST: ModelRequest = {
  messages: [
    { role: "system", text: "Answer from the passages." },
    { role: "user", text: "hola" },
  ],
  maxOutputTokens: 50,
  temperature: 0.5,
  language: "es",
};

describeLanguageModel("anthropic", {
  protocol: "anthropic",
  create: (at) => createAnthropicModel({ ...at, model: "claude-haiku-4-5" }),
});

describe("anthropic", () => {
  const signal = AbortSignal.timeout(60_000);
  let standIn: LlmStandIn;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await standIn.close();
  });

  async function ask(request: ModelRequest, model = "claude-haiku-4-5") {
    standIn = await startLlmStandIn({ protocol: "anthropic" });
    const reply = await createAnthropicModel({
      baseUrl: standIn.baseUrl,
      apiKey: "key",
      model,
    }).generate(request, { signal });
    return { reply, body: standIn.calls[0]?.body, headers: standIn.calls[0]?.headers };
  }

  it("puts the rules beside the turns, and sends no temperature", async () => {
    const { body } = await ask(REQUEST);
    expect(body).toEqual({
      model: "claude-haiku-4-5",
      max_tokens: 50,
      system: [{ type: "text", text: "Answer from the passages." }],
      messages: [{ role: "user", content: "hola" }],
      stream: true,
    });
  });

  it("marks rules that are long enough to be kept for the next call", async () => {
    const text = "Una regla. ".repeat(400);
    const { body } = await ask({
      ...REQUEST,
      messages: [
        { role: "system", text },
        { role: "user", text: "hola" },
        { role: "assistant", text: " " },
        { role: "user", text: "¿y ayer?" },
      ],
    });
    expect(body).toMatchObject({
      system: [{ type: "text", text, cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "hola" },
        { role: "user", content: "¿y ayer?" },
      ],
    });
  });

  it("asks models that think by themselves for little of it, and leaves room for it", async () => {
    expect((await ask(REQUEST, "claude-sonnet-5-5")).body).toMatchObject({
      max_tokens: 50 + 2_048,
      output_config: { effort: "low" },
    });
  });

  it("counts what was read from the cache and written to it into the input", async () => {
    const { reply } = await ask(REQUEST);
    expect(reply.usage).toEqual({ input: 120, cachedInput: 20, cacheWrites: 30, output: 40 });
  });

  it("reads nothing from the environment", async () => {
    vi.stubEnv("ANTHROPIC_API_KEY", "from-the-environment");
    vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "from-the-environment");
    vi.stubEnv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9");
    vi.stubEnv("ANTHROPIC_CUSTOM_HEADERS", "x-tenant: from-the-environment");
    const { headers } = await ask(REQUEST);
    expect(headers).toMatchObject({ "x-api-key": "key" });
    expect(JSON.stringify(headers)).not.toContain("from-the-environment");
    expect(headers).not.toHaveProperty("authorization");
  });

  it("gives up on a server that sends no headers", async () => {
    standIn = await startLlmStandIn({ protocol: "anthropic", fault: { kind: "black-hole" } });
    const model = createAnthropicModel({
      baseUrl: standIn.baseUrl,
      apiKey: "key",
      model: "claude-haiku-4-5",
      timeoutMs: 200,
    });
    await expect(model.generate(REQUEST, { signal })).rejects.toMatchObject({
      code: "model-timeout",
      retry: "backoff",
    });
  });
});

describe("anthropic against a stand-in of others (aimock)", () => {
  it("reads its answer, piece by piece, to the end", async () => {
    const mock = new LLMock({ port: 0 });
    mock.onMessage("hola", { content: "Buenos días, ¿qué busca en la gaceta?" });
    await mock.start();
    try {
      const pieces: string[] = [];
      const reply = await createAnthropicModel({
        baseUrl: mock.url,
        apiKey: "key",
        model: "claude-haiku-4-5",
      }).generate(REQUEST, {
        signal: AbortSignal.timeout(30_000),
        onText: (piece) => pieces.push(piece),
      });
      expect(reply).toMatchObject({
        text: "Buenos días, ¿qué busca en la gaceta?",
        finish: "stop",
      });
      expect(pieces.join("")).toBe(reply.text);
    } finally {
      await mock.stop();
    }
  });
});
