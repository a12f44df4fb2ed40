import type { GenerateContentParameters, ThinkingConfig, ThinkingLevel } from "@google/genai";
import type { ModelRequest } from "../../src/core/language-model.ts";

/** How much a model thinks before it answers, and the tokens that this adds to those of the answer. */
interface Thinking {
  readonly config: ThinkingConfig | undefined;
  readonly tokens: number;
}

/**
 * As little as the model allows: the passages are there, and the answer is short. Gemini 2.5 takes a budget of
 * tokens (Flash none, Pro 128 at least), 3 and later take a level, of which LOW is the one that all have; earlier
 * ones answer both with 400 (ai.google.dev/gemini-api/docs/thinking). Thoughts come out of the answer's allowance.
 */
function thinkingOf(model: string): Thinking {
  const [, version] = /^gemini-(\d+(?:\.\d+)?)-/.exec(model) ?? [];
  if (version === undefined && !/^gemini-.*-latest$/.test(model)) {
    return { config: undefined, tokens: 0 };
  }
  if (Number(version) < 2.5) return { config: undefined, tokens: 0 };
  if (Number(version) < 3) {
    const thinkingBudget = model.includes("flash") ? 0 : 128;
    return { config: { thinkingBudget }, tokens: thinkingBudget };
  }
  // The SDK's enum is a value, which would load the SDK.
  return { config: { thinkingLevel: "LOW" as ThinkingLevel }, tokens: 2048 };
}

/** The answer's tokens, and those of the thoughts before it. */
export function outputTokensOf(model: string, request: ModelRequest): number {
  return request.maxOutputTokens + thinkingOf(model).tokens;
}

/** System messages become the system instruction; safety settings stay at Google's defaults. */
export function toRequest(
  model: string,
  request: ModelRequest,
  signal: AbortSignal,
): GenerateContentParameters {
  const { config } = thinkingOf(model);
  const system = request.messages.filter(({ role }) => role === "system");
  return {
    model,
    contents: request.messages
      .filter(({ role }) => role !== "system")
      .map(({ role, text }) => ({
        role: role === "assistant" ? "model" : "user",
        parts: [{ text }],
      })),
    config: {
      abortSignal: signal,
      maxOutputTokens: outputTokensOf(model, request),
      temperature: request.temperature,
      ...(system.length === 0
        ? {}
        : { systemInstruction: { parts: system.map(({ text }) => ({ text })) } }),
      ...(config === undefined ? {} : { thinkingConfig: config }),
    },
  };
}
