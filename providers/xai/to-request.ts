import type OpenAI from "openai";
import type { ModelRequest } from "../../src/core/language-model.ts";

/** Added where a model reasons first: both come out of the same allowance. */
const REASONING_TOKENS = 2048;

/** All Grok models reason since 4, but those that are named so. */
function reasons(model: string): boolean {
  return !/non-reasoning|^grok-[23]($|-(?!mini))/.test(model);
}

/** The answer's tokens, and those of the reasoning before it. */
export function outputTokensOf(model: string, request: ModelRequest): number {
  return request.maxOutputTokens + (reasons(model) ? REASONING_TOKENS : 0);
}

/**
 * The body of a streamed chat completion, usage included. Effort is not sent: the models that take it differ, and
 * the others answer it with 400.
 */
export function toRequest(
  model: string,
  request: ModelRequest,
): OpenAI.ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: request.messages.map(({ role, text }) => ({ role, content: text })),
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: outputTokensOf(model, request),
    temperature: request.temperature,
  };
}
