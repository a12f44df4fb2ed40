import { LLMock } from "@copilotkit/aimock";
import { afterEach, describe, expect, it } from "vitest";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { type LlmStandIn, startLlmStandIn } from "../../test/stand-ins/llm/llm-stand-in.ts";
import { describeLanguageModel } from "../conformance.ts";
import { createOpenAiEmbedder } from "./openai-embedder.ts";
import { createOpenAiModel } from "./openai-model.ts";

for (const api of ["responses", "chat"] as const) {
  describeLanguageModel(`openai over ${api}`, {
    protocol: `openai-${api}`,
    create: (at) => createOpenAiModel({ ...at, model: "gpt-4.1-mini", api }),
  });
}

const REQUEST: ModelRequest = {
  messages: [
    { role: "system", text: "Answer." },
    { role: "user", text: "hola" },
    { role: "assistant", text: "¿sí?" },
    { role: "user", text: "¿cuándo?" },
  ],
  maxOutputTokens: 400,
  temperature: 0.1,
  language: "es",
};

describe("openai", () => {
  const signal = AbortSignal.timeout(60_000);
  let standIn: LlmStandIn | undefined;
  afterEach(() => standIn?.close());

  async function bodyOf(api: "responses" | "chat", model: string): Promise<unknown> {
    standIn = await startLlmStandIn({ protocol: `openai-${api}` });
    const { baseUrl } = standIn;
    await createOpenAiModel({ baseUrl, apiKey: "key", model, api }).generate(REQUEST, { signal });
    await standIn.close();
    return standIn.calls[0]?.body;
  }

  it("asks for a response that is not stored", async () => {
    expect(await bodyOf("responses", "gpt-4.1-mini")).toEqual({
      model: "gpt-4.1-mini",
      input: [
        { role: "system", content: "Answer." },
        { role: "user", content: "hola" },
        { role: "assistant", content: "¿sí?" },
        { role: "user", content: "¿cuándo?" },
      ],
      stream: true,
      store: false,
      max_output_tokens: 400,
      temperature: 0.1,
      prompt_cache_key: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it("leaves a reasoning model room to reason, little effort, and its own temperature", async () => {
    for (const model of ["gpt-5-mini", "o4-mini", "gpt-6", "ft:o4-mini:acme"]) {
      const response = await bodyOf("responses", model);
      expect(response, model).toMatchObject({
        max_output_tokens: 2448,
        reasoning: { effort: "low" },
      });
      expect(response).not.toHaveProperty("temperature");
      const chat = await bodyOf("chat", model);
      expect(chat).toMatchObject({ max_completion_tokens: 2448, reasoning_effort: "low" });
      expect(chat).not.toHaveProperty("temperature");
    }
  });

  it("tells the most tokens that a call can be billed for", () => {
    const at = { apiKey: "key", baseUrl: "http://127.0.0.1:1/v1" };
    const atMost = (model: string) =>
      createOpenAiModel({ ...at, model }).outputTokensAtMost?.(REQUEST);
    expect(atMost("gpt-4.1-mini")).toBe(400);
    expect(atMost("gpt-5-mini")).toBe(2448);
  });

  it("does not tell models how much to reason that take no say in it", async () => {
    expect(await bodyOf("responses", "gpt-5-pro")).not.toHaveProperty("reasoning");
    const chatModel = await bodyOf("responses", "gpt-5-chat-latest");
    expect(chatModel).toMatchObject({ max_output_tokens: 400 });
    expect(chatModel).not.toHaveProperty("reasoning");
  });

  it("sends requests with the same instructions to the same cache", async () => {
    const first = (await bodyOf("chat", "gpt-4.1")) as { prompt_cache_key: string };
    const second = (await bodyOf("responses", "gpt-4.1")) as { prompt_cache_key: string };
    expect(first.prompt_cache_key).toBe(second.prompt_cache_key);
  });

  it("sends its key, and nothing that tells of the machine", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-responses", apiKey: "secret" });
    const { baseUrl } = standIn;
    const model = createOpenAiModel({ baseUrl, apiKey: "secret", model: "gpt-4.1" });
    await model.generate(REQUEST, { signal });
    expect(Object.keys(standIn.calls[0]?.headers ?? {}).filter((name) => /^x-/.test(name))).toEqual(
      [],
    );
  });

  it("gives up on a server that sends no headers, and on one that falls silent", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-responses" });
    const { baseUrl } = standIn;
    const model = createOpenAiModel({ baseUrl, apiKey: "key", model: "gpt-4.1", timeoutMs: 200 });
    for (const kind of ["black-hole", "stall"] as const) {
      standIn.failNext({ kind });
      await expect(model.generate(REQUEST, { signal }), kind).rejects.toMatchObject({
        code: "model-timeout",
        retry: "backoff",
      });
    }
  });

  it("embeds in the order of the texts, with length 1, as base64", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-responses", dimensions: 16 });
    const embedder = createOpenAiEmbedder({
      baseUrl: standIn.baseUrl,
      apiKey: "key",
      model: "text-embedding-3-small",
      dimensions: 16,
    });
    const together = await embedder.embed(["marca", "precio del gas", "marca"], signal);
    const [alone] = await embedder.embed(["precio del gas"], signal);
    expect(together[0]).toEqual(together[2]);
    expect(together[1]).toEqual(alone);
    for (const vector of together) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(embedder.id).toBe("openai:text-embedding-3-small:16");
    expect(standIn.calls[0]?.body).toMatchObject({ encoding_format: "base64", dimensions: 16 });
  });

  it("refuses vectors of another length than asked for", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-responses", dimensions: 16 });
    const { baseUrl } = standIn;
    const embedder = createOpenAiEmbedder({
      baseUrl,
      apiKey: "key",
      model: "text-embedding-3-small",
      dimensions: 8,
    });
    await expect(embedder.embed(["marca"], signal)).rejects.toMatchObject({
      code: "embedding-mismatch",
      retry: "never",
    });
  });
});

describe("openai against a stand-in of others (aimock)", () => {
  const signal = AbortSignal.timeout(30_000);

  async function withMock<Result>(work: (baseUrl: string) => Promise<Result>): Promise<Result> {
    const mock = new LLMock({ port: 0 });
    mock.onMessage("¿cuándo?", { content: "El 14 de noviembre [1]." });
    mock.onEmbedding("marca", { embedding: [3, 0, 4] });
    await mock.start();
    try {
      return await work(`${mock.url}/v1`);
    } finally {
      await mock.stop();
    }
  }

  it.each(["responses", "chat"] as const)("reads its answer over %s", async (api) => {
    const pieces: string[] = [];
    const reply = await withMock((baseUrl) =>
      createOpenAiModel({ baseUrl, apiKey: "key", model: "gpt-4.1", api }).generate(REQUEST, {
        signal,
        onText: (piece) => pieces.push(piece),
      }),
    );
    expect(reply).toMatchObject({ text: "El 14 de noviembre [1].", finish: "stop" });
    expect(pieces.join("")).toBe(reply.text);
  });

  it("reads its vectors", async () => {
    const [vector] = await withMock((baseUrl) =>
      createOpenAiEmbedder({
        baseUrl,
        apiKey: "key",
        model: "text-embedding-3-small",
        dimensions: 3,
      }).embed(["marca"], signal),
    );
    expect([...(vector ?? [])].map((value) => value.toFixed(3))).toEqual([
      "0.600",
      "0.000",
      "0.800",
    ]);
  });
});
