import { afterEach, describe, expect, it } from "vitest";
import {
  type ModelFault,
  type ModelStandIn,
  startModelStandIn,
} from "../../test/stand-ins/openai-compatible/model-stand-in.ts";
import { type ConformanceFault, describeModelConformance } from "../conformance.ts";
import { createOpenAiCompatibleEmbedder } from "./openai-compatible-embedder.ts";
import { createOpenAiCompatibleModel } from "./openai-compatible-model.ts";

const FAULTS: Readonly<Record<ConformanceFault, ModelFault>> = {
  "rate-limited-for-2s": { kind: "rate-limited", retryAfterSeconds: 2 },
  "rate-limited": { kind: "rate-limited" },
  quota: { kind: "quota" },
  "bad-key": { kind: "bad-key" },
  "context-too-long": { kind: "context-too-long" },
  "bad-request": { kind: "bad-request" },
  overloaded: { kind: "status", status: 503 },
  unreachable: { kind: "refused" },
  cut: { kind: "cut" },
  "clean-end": { kind: "clean-end" },
  "bad-frame": { kind: "bad-frame" },
  "in-band-error": { kind: "in-band-error" },
  withheld: { kind: "content-filter" },
  length: { kind: "length" },
  stall: { kind: "stall" },
  "black-hole": { kind: "black-hole" },
};

describeModelConformance("openai-compatible", async (text) => {
  const standIn = await startModelStandIn({ text });
  return {
    model: createOpenAiCompatibleModel({ baseUrl: standIn.baseUrl, apiKey: "key", model: "small" }),
    failNext: (fault) => standIn.failNext(FAULTS[fault]),
    callCount: () => standIn.calls.length,
    received: (count) => standIn.received(count),
    [Symbol.asyncDispose]: () => standIn.close(),
  };
});

describe("openai-compatible", () => {
  const signal = AbortSignal.timeout(15_000);
  let standIn: ModelStandIn | undefined;
  afterEach(() => standIn?.close());

  it("asks for a stream with usage, with its key and the limit's old name", async () => {
    standIn = await startModelStandIn({ apiKey: "secret" });
    const model = createOpenAiCompatibleModel({
      baseUrl: standIn.baseUrl,
      apiKey: "secret",
      model: "small",
    });
    await model.generate(
      {
        messages: [{ role: "user", text: "hola" }],
        maxOutputTokens: 7,
        temperature: 0.5,
        language: "es",
      },
      { signal },
    );
    expect(standIn.calls[0]?.body).toEqual({
      model: "small",
      messages: [{ role: "user", content: "hola" }],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 7,
      temperature: 0.5,
    });
  });

  it("honours retry-after-ms before retry-after", async () => {
    standIn = await startModelStandIn();
    standIn.failNext({ kind: "rate-limited", retryAfterSeconds: 9, retryAfterMs: 250 });
    const model = createOpenAiCompatibleModel({ baseUrl: standIn.baseUrl, model: "small" });
    await expect(
      model.generate(
        { messages: [], maxOutputTokens: 7, temperature: 0, language: "es" },
        { signal },
      ),
    ).rejects.toMatchObject({ retry: { afterMs: 250 } });
  });

  it("gives up on a server that sends no headers", async () => {
    standIn = await startModelStandIn({ fault: { kind: "black-hole" } });
    const model = createOpenAiCompatibleModel({
      baseUrl: standIn.baseUrl,
      model: "small",
      timeoutMs: 100,
    });
    await expect(
      model.generate(
        { messages: [], maxOutputTokens: 7, temperature: 0, language: "es" },
        { signal },
      ),
    ).rejects.toMatchObject({ code: "model-timeout", retry: "backoff" });
  });

  it("returns one vector of length 1 per text, in the order of the texts", async () => {
    standIn = await startModelStandIn({ dimensions: 16 });
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
    standIn = await startModelStandIn({ dimensions: 16 });
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
