import type { LanguageModel } from "../../src/core/language-model.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { type ClientOptions, createClient, MAX_ANSWER_BYTES } from "../openai-protocol/client.ts";
import { mapModelError } from "../openai-protocol/map-error.ts";
import { streamChat } from "../openai-protocol/stream-chat.ts";
import { xaiCode } from "./map-error.ts";
import { outputTokensOf, toRequest } from "./to-request.ts";

export interface XaiModelOptions extends Omit<ClientOptions, "baseUrl"> {
  /** Default `https://api.x.ai/v1`. */
  readonly baseUrl?: string | undefined;
  /** Default `grok-4.20-non-reasoning`: routine questions, answered without thinking first. */
  readonly model?: string | undefined;
}

/** xAI's Grok over chat completions. Retrying, and the deadlines between pieces, are the chain's. */
export function createXaiModel(options: XaiModelOptions): LanguageModel {
  const client = createClient(
    { ...options, baseUrl: options.baseUrl ?? "https://api.x.ai/v1" },
    MAX_ANSWER_BYTES,
  );
  const model = options.model ?? "grok-4.20-non-reasoning";
  const name = `xai:${model}`;
  return {
    name,
    outputTokensAtMost: (request) => outputTokensOf(model, request),
    async generate(request, { signal, onText }) {
      try {
        return await withOwnSignal(signal, (own) =>
          streamChat(client, toRequest(model, request), {
            name,
            maxOutputTokens: outputTokensOf(model, request),
            signal: own,
            onText,
          }),
        );
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, name, xaiCode);
      }
    },
  };
}
