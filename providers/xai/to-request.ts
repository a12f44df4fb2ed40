import type OpenAI from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { toChatMessage } from "../openai-protocol/to-chat-message.ts";

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
 * The body of a streamed chat completion, usage included. Throws `model-bad-request` for a picture that is neither
 * JPEG nor PNG (docs.x.ai, image understanding; November 2026). Effort is not sent: the models that take it differ, and
 * the others answer it with 400.
 */
export function toRequest(
  model: string,
  request: ModelRequest,
): OpenAI.ChatCompletionCreateParamsStreaming {
  refuseWebp(model, request);
  return {
    model,
    messages: request.messages.map(toChatMessage),
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: outputTokensOf(model, request),
    temperature: request.temperature,
  };
}

function refuseWebp(model: string, { messages }: ModelRequest): void {
  const images = messages.flatMap((message) => message.images ?? []);
  if (images.every(({ mediaType }) => mediaType !== "image/webp")) return;
  throw new PregoneroError("model-bad-request", `xai:${model} takes JPEG and PNG, not WebP.`);
}
