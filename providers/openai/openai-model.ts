import type { LanguageModel } from "../../src/core/language-model.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { type ClientOptions, createClient, MAX_ANSWER_BYTES } from "../openai-protocol/client.ts";
import { mapModelError } from "../openai-protocol/map-error.ts";
import { streamChat } from "../openai-protocol/stream-chat.ts";
import { streamResponses } from "./stream-responses.ts";
import { outputTokensOf, toChatRequest, toResponsesRequest } from "./to-request.ts";

export interface OpenAiModelOptions extends Omit<ClientOptions, "baseUrl"> {
  /** Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string | undefined;
  readonly model: string;
  /** Default `responses`; `chat` for gateways in front of OpenAI that speak chat completions only. */
  readonly api?: "responses" | "chat";
}

export const OPENAI_BASE_URL = "https://api.openai.com/v1";

/** OpenAI's models over its SDK. Retrying, and the deadlines between pieces, are the chain's. */
export function createOpenAiModel(options: OpenAiModelOptions): LanguageModel {
  const client = createClient(
    { ...options, baseUrl: options.baseUrl ?? OPENAI_BASE_URL },
    MAX_ANSWER_BYTES,
  );
  const { model, api = "responses" } = options;
  const name = `openai:${model}`;
  return {
    name,
    outputTokensAtMost: (request) => outputTokensOf(model, request),
    async generate(request, { signal, onText }) {
      const maxOutputTokens = outputTokensOf(model, request);
      try {
        return await withOwnSignal(signal, (own) => {
          const reading = { name, maxOutputTokens, signal: own, onText };
          return api === "chat"
            ? streamChat(client, toChatRequest(model, request), reading)
            : streamResponses(client, toResponsesRequest(model, request), reading);
        });
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, name);
      }
    },
  };
}
