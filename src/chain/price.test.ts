import { describe, expect, it } from "vitest";
import { contextWindowOf, priceOf, priceOfSpeech } from "./price.ts";

const MILLION = { input: 1_000_000, cachedInput: 0, output: 0 };

describe("priceOf", () => {
  // Vendors' prices per million tokens, as published for these dated models.
  it.each([
    ["openai:gpt-4o-mini", 0.15, 0.075, 0.6],
    ["anthropic:claude-3-5-haiku-20241022", 0.8, 0.08, 4],
    ["gemini:gemini-2.5-flash", 0.3, 0.03, 2.5],
    ["xai:grok-4-0709", 3, 0.75, 15],
  ])(
    "prices %s in dollars per million: read, read from the cache, written",
    (model, read, cached, written) => {
      expect(priceOf(model, { ...MILLION, input: 100_000 })).toBeCloseTo(read * 1e5, 0);
      expect(priceOf(model, { input: 100_000, cachedInput: 100_000, output: 0 })).toBeCloseTo(
        cached * 1e5,
        0,
      );
      expect(priceOf(model, { input: 0, cachedInput: 0, output: 100_000 })).toBeCloseTo(
        written * 1e5,
        0,
      );
    },
  );

  it("rounds up, so that a thousand small calls are never free", () => {
    expect(priceOf("openai:gpt-4o-mini", { input: 1, cachedInput: 0, output: 0 })).toBe(1);
  });

  it("costs nothing on the operator's own machine", () => {
    expect(priceOf("openai-compatible:llama3.1", MILLION)).toBe(0);
  });

  it("does not guess the price of a model that the list does not have", () => {
    expect(priceOf("openai:not-a-model", MILLION)).toBeUndefined();
    expect(contextWindowOf("openai:not-a-model")).toBeUndefined();
  });

  it("knows how much a model reads", () => {
    expect(contextWindowOf("openai:gpt-4o-mini")).toBe(128_000);
  });
});

describe("priceOfSpeech", () => {
  // Dollars a minute, as OpenAI publishes them.
  it.each([
    ["openai:whisper-1", 0.006],
    ["openai:gpt-4o-transcribe", 0.006],
    ["openai:gpt-4o-mini-transcribe", 0.003],
  ])("prices a minute heard by %s", (model, dollars) => {
    expect(priceOfSpeech(model, 60)).toBe(Math.round(dollars * 1e6));
    expect(priceOfSpeech(model, 0)).toBe(0);
  });

  it("costs nothing on the operator's own machine, and is not guessed for an unknown model", () => {
    expect(priceOfSpeech("openai-compatible:whisper", 60)).toBe(0);
    expect(priceOfSpeech("openai:not-a-model", 60)).toBeUndefined();
  });
});
