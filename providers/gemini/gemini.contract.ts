import { LLMock } from "@copilotkit/aimock";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { type LlmStandIn, startLlmStandIn } from "../../test/stand-ins/llm/llm-stand-in.ts";
import { describeLanguageModel } from "../conformance.ts";
import { createGeminiEmbedder } from "./gemini-embedder.ts";
import { createGeminiModel } from "./gemini-model.ts";

describeLanguageModel("gemini", {
  protocol: "gemini",
  create: (at) => createGeminiModel({ ...at, model: "gemini-2.5-flash" }),
});

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

describe("gemini", () => {
  const signal = AbortSignal.timeout(60_000);
  let standIn: LlmStandIn | undefined;
  afterEach(() => standIn?.close());

  async function configOf(model: string): Promise<unknown> {
    standIn = await startLlmStandIn({ protocol: "gemini" });
    const { baseUrl } = standIn;
    await createGeminiModel({ baseUrl, apiKey: "key", model }).generate(REQUEST, { signal });
    await standIn.close();
    return standIn.calls[0]?.body.generationConfig;
  }

  it("sends the instructions apart, and its key in a header", async () => {
    standIn = await startLlmStandIn({ protocol: "gemini", apiKey: "secret" });
    const { baseUrl } = standIn;
    const model = createGeminiModel({ baseUrl, apiKey: "secret", model: "gemini-2.5-flash" });
    await model.generate(REQUEST, { signal });
    expect(standIn.calls[0]?.path).toBe(
      "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    );
    expect(standIn.calls[0]?.headers["x-goog-api-key"]).toBe("secret");
    expect(standIn.calls[0]?.body).toEqual({
      systemInstruction: { parts: [{ text: "Answer." }] },
      contents: [
        { role: "user", parts: [{ text: "hola" }] },
        { role: "model", parts: [{ text: "¿sí?" }] },
        { role: "user", parts: [{ text: "¿cuándo?" }] },
      ],
      generationConfig: {
        maxOutputTokens: 400,
        temperature: 0.1,
        thinkingConfig: { thinkingBudget: 0 },
      },
    });
  });

  it("asks each generation as it wants to be asked, and to think as little as it can", async () => {
    expect(await configOf("gemini-2.0-flash")).toEqual({ maxOutputTokens: 400, temperature: 0.1 });
    expect(await configOf("gemini-2.5-pro")).toMatchObject({
      maxOutputTokens: 528,
      thinkingConfig: { thinkingBudget: 128 },
    });
    for (const model of ["gemini-3-pro-preview", "gemini-3.8-flash", "gemini-flash-latest"]) {
      expect(await configOf(model), model).toEqual({
        maxOutputTokens: 2448,
        thinkingConfig: { thinkingLevel: "LOW" },
      });
    }
    expect(await configOf("gemma-3-27b-it")).not.toHaveProperty("thinkingConfig");
  });

  it("ignores what the environment says of Google", async () => {
    vi.stubEnv("GOOGLE_GENAI_USE_VERTEXAI", "true");
    vi.stubEnv("GOOGLE_API_KEY", "other");
    vi.stubEnv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:1");
    try {
      standIn = await startLlmStandIn({ protocol: "gemini", apiKey: "secret", text: "Sí." });
      const { baseUrl } = standIn;
      const model = createGeminiModel({ baseUrl, apiKey: "secret", model: "gemini-2.5-flash" });
      await expect(model.generate(REQUEST, { signal })).resolves.toMatchObject({ text: "Sí." });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("gives up on a server that sends no headers, and on one that falls silent", async () => {
    standIn = await startLlmStandIn({ protocol: "gemini" });
    const { baseUrl } = standIn;
    const options = { baseUrl, apiKey: "key", model: "gemini-2.5-flash", timeoutMs: 200 };
    const model = createGeminiModel(options);
    for (const kind of ["black-hole", "stall"] as const) {
      standIn.failNext({ kind });
      await expect(model.generate(REQUEST, { signal }), kind).rejects.toMatchObject({
        code: "model-timeout",
        retry: "backoff",
      });
    }
  });

  it("waits as the body says, else as a proxy's header says", async () => {
    standIn = await startLlmStandIn({ protocol: "gemini" });
    const { baseUrl } = standIn;
    const model = createGeminiModel({ baseUrl, apiKey: "key", model: "gemini-2.5-flash" });
    standIn.failNext(
      { kind: "rate-limited", retryInfoSeconds: 26.5, retryAfterSeconds: 9 },
      { kind: "rate-limited", retryAfterSeconds: 9 },
      { kind: "rate-limited", retryAfterDateInSeconds: 30 },
    );
    for (const afterMs of [26_500, 9_000, 30_000]) {
      await expect(model.generate(REQUEST, { signal })).rejects.toMatchObject({
        code: "model-rate-limited",
        retry: { afterMs },
      });
    }
  });

  it("embeds in the order of the texts, with length 1", async () => {
    standIn = await startLlmStandIn({ protocol: "gemini", dimensions: 768 });
    const { baseUrl } = standIn;
    const embedder = createGeminiEmbedder({ baseUrl, apiKey: "key", dimensions: 768 });
    const together = await embedder.embed(["marca", "precio del gas", "marca"], signal);
    const [alone] = await embedder.embed(["precio del gas"], signal);
    expect(together[0]).toEqual(together[2]);
    expect(together[1]).toEqual(alone);
    for (const vector of together) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(embedder.id).toBe("gemini:gemini-embedding-001:768");
    expect(standIn.calls[0]?.path).toBe("/v1beta/models/gemini-embedding-001:batchEmbedContents");
    expect(standIn.calls[0]?.body.requests).toContainEqual(
      expect.objectContaining({ taskType: "SEMANTIC_SIMILARITY", outputDimensionality: 768 }),
    );
  });

  it("refuses vectors of another length than asked for", async () => {
    standIn = await startLlmStandIn({ protocol: "gemini", dimensions: 16 });
    const { baseUrl } = standIn;
    const embedder = createGeminiEmbedder({ baseUrl, apiKey: "key", dimensions: 768 });
    await expect(embedder.embed(["marca"], signal)).rejects.toMatchObject({
      code: "embedding-mismatch",
      retry: "never",
    });
  });
});

describe("gemini against a stand-in of others (aimock)", () => {
  it("reads its answer, piece by piece, to the end", async () => {
    const mock = new LLMock({ port: 0 });
    mock.onMessage("¿cuándo?", { content: "El 14 de noviembre [1]." });
    await mock.start();
    try {
      const pieces: string[] = [];
      const reply = await createGeminiModel({
        baseUrl: mock.url,
        apiKey: "key",
        model: "gemini-2.5-flash",
      }).generate(REQUEST, {
        signal: AbortSignal.timeout(30_000),
        onText: (piece) => pieces.push(piece),
      });
      expect(reply).toMatchObject({ text: "El 14 de noviembre [1].", finish: "stop" });
      expect(pieces.join("")).toBe(reply.text);
    } finally {
      await mock.stop();
    }
  });
});
