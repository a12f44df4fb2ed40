import type OpenAI from "openai";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { toChatMessage } from "../openai-protocol/to-chat-message.ts";

/** The body of a streamed chat completion, usage included. */
export function toRequest(
  options: { readonly model: string; readonly baseUrl: string },
  request: ModelRequest,
): OpenAI.ChatCompletionCreateParamsStreaming {
  const isOpenAi =
    URL.canParse(options.baseUrl) && new URL(options.baseUrl).hostname === "api.openai.com";
  const reasons = isOpenAi && /^(o\d|gpt-5)/.test(options.model);
  return {
    model: options.model,
    messages: request.messages.map(toChatMessage),
    stream: true,
    stream_options: { include_usage: true },
    // OpenAI deprecated max_tokens, and its reasoning models refuse it; other servers know no other name.
    ...(isOpenAi
      ? { max_completion_tokens: request.maxOutputTokens }
      : { max_tokens: request.maxOutputTokens }),
    // Reasoning models accept the default temperature only.
    ...(reasons ? {} : { temperature: request.temperature }),
  };
}
