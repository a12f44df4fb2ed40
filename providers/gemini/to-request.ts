import type { GenerateContentParameters, Part, ThinkingConfig, ThinkingLevel } from "@google/genai";
import type { ModelMessage, ModelRequest } from "../../src/core/language-model.ts";

/** How a model wants to be asked, by its name. */
interface Traits {
  readonly thinking: ThinkingConfig | undefined;
  /** What thoughts add to the tokens of the answer: both come out of one allowance. */
  readonly thinkingTokens: number;
  /** Gemini 3 is to be left at its default of 1: lower ones make it loop (Google's prompting guide for Gemini 3). */
  readonly takesTemperature: boolean;
}

/**
 * Models think as little as they allow: the passages are there, and the answer is short. Gemini 2.5 takes a budget
 * of tokens (Flash none, Pro 128 at least), 3 and later take a level, of which LOW is the one that all have; earlier
 * ones answer both with 400 (ai.google.dev/gemini-api/docs/thinking).
 */
function traitsOf(model: string): Traits {
  const [, version] = /^gemini-(\d+(?:\.\d+)?)-/.exec(model) ?? [];
  const isLatest = /^gemini-.*-latest$/.test(model);
  if ((version === undefined && !isLatest) || Number(version) < 2.5) {
    return { thinking: undefined, thinkingTokens: 0, takesTemperature: true };
  }
  if (Number(version) < 3) {
    const thinkingBudget = model.includes("flash") ? 0 : 128;
    return {
      thinking: { thinkingBudget },
      thinkingTokens: thinkingBudget,
      takesTemperature: true,
    };
  }
  // The SDK's enum is a value, which would load the SDK.
  const thinkingLevel = "LOW" as ThinkingLevel;
  return { thinking: { thinkingLevel }, thinkingTokens: 2048, takesTemperature: false };
}

/** The answer's tokens, and those of the thoughts before it. */
export function outputTokensOf(model: string, request: ModelRequest): number {
  return request.maxOutputTokens + traitsOf(model).thinkingTokens;
}

/** System messages become the system instruction; safety settings stay at Google's defaults. */
export function toRequest(
  model: string,
  request: ModelRequest,
  signal: AbortSignal,
): GenerateContentParameters {
  const { thinking, takesTemperature } = traitsOf(model);
  // Gemini refuses parts without text.
  const messages = request.messages.filter((message) => toParts(message).length > 0);
  const system = messages.filter(({ role }) => role === "system");
  return {
    model,
    contents: messages
      .filter(({ role }) => role !== "system")
      .map((message) => ({
        role: message.role === "assistant" ? "model" : "user",
        parts: toParts(message),
      })),
    config: {
      abortSignal: signal,
      maxOutputTokens: outputTokensOf(model, request),
      ...(takesTemperature ? { temperature: request.temperature } : {}),
      ...(system.length === 0
        ? {}
        : { systemInstruction: { parts: system.map(({ text }) => ({ text })) } }),
      ...(thinking === undefined ? {} : { thinkingConfig: thinking }),
    },
  };
}

/** Pictures within the request, which may have 20 MB in all; then the text, where there is one. */
function toParts({ text, images = [] }: ModelMessage): Part[] {
  return [
    ...images.map(({ mediaType, bytes }) => ({
      inlineData: { mimeType: mediaType, data: Buffer.from(bytes).toString("base64") },
    })),
    ...(text.trim() === "" ? [] : [{ text }]),
  ];
}
