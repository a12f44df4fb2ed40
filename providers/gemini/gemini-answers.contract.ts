import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { LanguageModel, ModelRequest } from "../../src/core/language-model.ts";
import { createGeminiModel } from "./gemini-model.ts";

const REQUEST: ModelRequest = {
  messages: [{ role: "user", text: "¿cuándo?" }],
  maxOutputTokens: 400,
  temperature: 0.1,
  language: "es",
};

describe("gemini, as Google documents it", () => {
  const signal = AbortSignal.timeout(60_000);
  let close: (() => void) | undefined;
  afterEach(() => close?.());

  /** A model at a server that answers every call so. */
  async function modelAt(status: number, type: string, answer: string): Promise<LanguageModel> {
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(status, { "content-type": type });
        response.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => {
      server.close();
      server.closeAllConnections();
    };
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return createGeminiModel({ baseUrl, apiKey: "key", model: "gemini-3-flash" });
  }

  const streaming = (...chunks: readonly unknown[]) =>
    modelAt(
      200,
      "text/event-stream",
      chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(""),
    );
  const refusing = (code: number, status: string, message: string, ...details: unknown[]) =>
    modelAt(
      code,
      "application/json",
      JSON.stringify({ error: { code, status, message, details } }),
    );
  const say = (text: string, finishReason?: string) => ({
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason }],
  });

  it("keeps thoughts out of the answer, and books them", async () => {
    const model = await streaming(
      {
        candidates: [{ content: { parts: [{ text: "Let me see.", thought: true }] } }],
        usageMetadata: { promptTokenCount: 50, thoughtsTokenCount: 30 },
      },
      {
        ...say("Sí.", "STOP"),
        usageMetadata: {
          promptTokenCount: 50,
          cachedContentTokenCount: 10,
          candidatesTokenCount: 2,
          thoughtsTokenCount: 33,
          totalTokenCount: 85,
        },
      },
    );
    expect(await model.generate(REQUEST, { signal })).toEqual({
      text: "Sí.",
      model: "gemini:gemini-3-flash",
      usage: { input: 50, cachedInput: 10, output: 35 },
      finish: "stop",
    });
  });

  it.each([
    ["SAFETY", "model-refused", "never"],
    ["RECITATION", "model-refused", "never"],
    ["BLOCKLIST", "model-refused", "never"],
    ["PROHIBITED_CONTENT", "model-refused", "never"],
    ["SPII", "model-refused", "never"],
    ["LANGUAGE", "model-unavailable", "backoff"],
    ["OTHER", "model-unavailable", "backoff"],
    ["MALFORMED_FUNCTION_CALL", "model-unavailable", "backoff"],
    ["A_REASON_OF_TOMORROW", "model-unavailable", "backoff"],
  ])("reads finishReason %s as %s", async (finishReason, code, retry) => {
    const model = await streaming(say("Según el aviso"), say("", finishReason));
    await expect(model.generate(REQUEST, { signal })).rejects.toMatchObject({ code, retry });
  });

  it("takes an answer that thoughts left no tokens for as none", async () => {
    const model = await streaming({ candidates: [{ finishReason: "MAX_TOKENS" }] });
    await expect(model.generate(REQUEST, { signal })).rejects.toMatchObject({
      code: "model-unavailable",
    });
  });

  it("tells a quota of the day from one of the minute, though both name a delay", async () => {
    // As reported in github.com/googleapis/python-genai/issues/2044.
    const perMinute = { quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" };
    const perDay = { quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" };
    const exceeded = (...violations: unknown[]) =>
      refusing(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
        { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations },
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "47.25s" },
      );
    await expect((await exceeded(perMinute)).generate(REQUEST, { signal })).rejects.toMatchObject({
      code: "model-rate-limited",
      retry: { afterMs: 47_250 },
    });
    close?.();
    await expect(
      (await exceeded(perDay, perMinute)).generate(REQUEST, { signal }),
    ).rejects.toMatchObject({ code: "model-quota", retry: "never" });
  });

  it.each([
    [403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.", "model-bad-key"],
    [401, "UNAUTHENTICATED", "Request had invalid credentials.", "model-bad-key"],
    [400, "FAILED_PRECONDITION", "Please enable billing on your project.", "model-quota"],
    [400, "FAILED_PRECONDITION", "User location is not supported.", "model-bad-request"],
    [504, "DEADLINE_EXCEEDED", "The deadline expired.", "model-timeout"],
    [302, "", "Moved.", "model-bad-request"],
  ])('reads %d %s "%s" as %s', async (code, status, message, expected) => {
    const model = await refusing(code, status, message);
    await expect(model.generate(REQUEST, { signal })).rejects.toMatchObject({ code: expected });
  });
});
