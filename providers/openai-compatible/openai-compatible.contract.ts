import { afterEach, describe, expect, it } from "vitest";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { type LlmStandIn, startLlmStandIn } from "../../test/stand-ins/llm/llm-stand-in.ts";
import { describeLanguageModel } from "../conformance.ts";
import { createOpenAiCompatibleEmbedder } from "./openai-compatible-embedder.ts";
import { createOpenAiCompatibleModel } from "./openai-compatible-model.ts";

const REQUEST: ModelRequest = {
  messages: [{ role: "user", text: "hola" }],
  maxOutputTokens: 7,
  temperature: 0.5,
  language: "es",
};

describeLanguageModel("openai-compatible", {
  protocol: "openai-chat",
  create: (at) => createOpenAiCompatibleModel({ ...at, model: "small" }),
});

describe("openai-compatible", () => {
  const signal = AbortSignal.timeout(15_000);
  let standIn: LlmStandIn | undefined;
  afterEach(() => standIn?.close());

  it("asks for a stream with usage, with its key and the limit's old name", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-chat", apiKey: "secret" });
    const model = createOpenAiCompatibleModel({
      baseUrl: standIn.baseUrl,
      apiKey: "secret",
      model: "small",
    });
    await model.generate(REQUEST, { signal });
    expect(standIn.calls[0]?.body).toEqual({
      model: "small",
      messages: [{ role: "user", content: "hola" }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 7,
      temperature: 0.5,
    });
  });

  it("gives up on a server that sends no headers", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-chat", fault: { kind: "black-hole" } });
    const model = createOpenAiCompatibleModel({
      baseUrl: standIn.baseUrl,
      model: "small",
      timeoutMs: 100,
    });
    await expect(model.generate(REQUEST, { signal })).rejects.toMatchObject({
      code: "model-timeout",
      retry: "backoff",
    });
  });

  it("returns one vector of length 1 per text, in the order of the texts", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-chat", dimensions: 16 });
    const embedder = createOpenAiCompatibleEmbedder({
      baseUrl: standIn.baseUrl,
      model: "tiny",
      dimensions: 16,
    });
    const together = await embedder.embed(["marca", "precio del gas", "marca"], signal);
    const [alone] = await embedder.embed(["precio del gas"], signal);
    expect(together).toHaveLength(3);
    expect(together[0]).toEqual(together[2]);
    expect(together[1]).toEqual(alone);
    for (const vector of together) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(embedder.id).toBe("openai-compatible:tiny:16");
    expect(standIn.calls[0]?.body).toMatchObject({ encoding_format: "float" });
  });

  it("refuses vectors of another length than configured", async () => {
    standIn = await startLlmStandIn({ protocol: "openai-chat", dimensions: 16 });
    const embedder = createOpenAiCompatibleEmbedder({
      baseUrl: standIn.baseUrl,
      model: "tiny",
      dimensions: 8,
    });
    await expect(embedder.embed(["marca"], signal)).rejects.toMatchObject({
      code: "embedding-mismatch",
      retry: "never",
    });
  });
});
