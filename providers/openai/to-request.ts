import { createHash } from "node:crypto";
import type OpenAI from "openai";
import type { ModelMessage, ModelRequest } from "../../src/core/language-model.ts";
import { toChatMessage, toDataUrl } from "../openai-protocol/to-chat-message.ts";

/**
 * Added to the tokens of the answer where a model reasons first: both come out of the same allowance, and one
 * that is used up by reasoning leaves an empty answer. With `effort: low` a few hundred are usual.
 */
const REASONING_TOKENS = 2048;

/** How a model wants to be asked, by its name. */
interface Traits {
  /** Refuses any temperature but the default. */
  readonly fixesTemperature: boolean;
  /** Undefined: it does not reason, or takes no say in how much. */
  readonly effort: "low" | undefined;
  readonly reasoningTokens: number;
}

/** o1, o3, o4-mini, gpt-5 and later reason; `chat` models do not, and `pro` ones know high effort only. */
function traitsOf(model: string): Traits {
  const name = model.replace(/^ft:/, "");
  if (!/^(o\d|gpt-([5-9]|\d\d))/.test(name)) {
    return { fixesTemperature: false, effort: undefined, reasoningTokens: 0 };
  }
  if (/-chat/.test(name)) return { fixesTemperature: true, effort: undefined, reasoningTokens: 0 };
  // Low is the one effort that all others take (gpt-5 has no none, gpt-5.1 no minimal, o-series neither).
  return {
    fixesTemperature: true,
    effort: /-pro\b/.test(name) ? undefined : "low",
    reasoningTokens: REASONING_TOKENS,
  };
}

/** The answer's tokens, and those of the reasoning before it. */
export function outputTokensOf(model: string, request: ModelRequest): number {
  return request.maxOutputTokens + traitsOf(model).reasoningTokens;
}

/** The body of a streamed chat completion, usage included, not stored by OpenAI. */
export function toChatRequest(
  model: string,
  request: ModelRequest,
): OpenAI.ChatCompletionCreateParamsStreaming {
  const { fixesTemperature, effort } = traitsOf(model);
  return {
    model,
    messages: request.messages.map(toChatMessage),
    stream: true,
    stream_options: { include_usage: true },
    store: false,
    max_completion_tokens: outputTokensOf(model, request),
    prompt_cache_key: cacheKeyOf(request),
    ...(fixesTemperature ? {} : { temperature: request.temperature }),
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
  };
}

/** The body of a streamed response, not stored by OpenAI. */
export function toResponsesRequest(
  model: string,
  request: ModelRequest,
): OpenAI.Responses.ResponseCreateParamsStreaming {
  const { fixesTemperature, effort } = traitsOf(model);
  return {
    model,
    input: request.messages.map(toInput),
    stream: true,
    store: false,
    // 16 is the least that the Responses API takes.
    max_output_tokens: Math.max(16, outputTokensOf(model, request)),
    prompt_cache_key: cacheKeyOf(request),
    ...(fixesTemperature ? {} : { temperature: request.temperature }),
    ...(effort === undefined ? {} : { reasoning: { effort } }),
  };
}

function toInput({ role, text, images = [] }: ModelMessage): OpenAI.Responses.EasyInputMessage {
  if (role !== "user" || images.length === 0) return { role, content: text };
  return {
    role,
    content: [
      ...images.map((image) => ({
        type: "input_image" as const,
        image_url: toDataUrl(image),
        detail: "high" as const,
      })),
      { type: "input_text", text },
    ],
  };
}

/** Requests with the same instructions are sent to the same cache. A hash, so that the key says nothing of them. */
function cacheKeyOf({ messages }: ModelRequest): string {
  const hash = createHash("sha256");
  for (const { role, text } of messages) if (role === "system") hash.update(text).update("\0");
  return hash.digest("hex").slice(0, 32);
}
