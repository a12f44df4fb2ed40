import type {
  GenerateContentResponse,
  GenerateContentResponseUsageMetadata,
  GoogleGenAI,
} from "@google/genai";
import { PregoneroError } from "../../src/core/errors.ts";
import type {
  LanguageModel,
  ModelReply,
  ModelRequest,
  TokenUsage,
} from "../../src/core/language-model.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { type ClientOptions, createClient, MAX_ANSWER_BYTES } from "./client.ts";
import { mapGeminiError } from "./map-error.ts";
import { outputTokensOf, toRequest } from "./to-request.ts";

export interface GeminiModelOptions extends ClientOptions {
  readonly model: string;
}

/** More characters than this per output token that was allowed is a server that ignores the limit. */
const MAX_CHARACTERS_PER_TOKEN = 24;

/** Gemini over `@google/genai`. Retrying, and the deadlines between pieces, are the chain's. */
export function createGeminiModel(options: GeminiModelOptions): LanguageModel {
  const { model } = options;
  const name = `gemini:${model}`;
  const client = createClient(options, name, MAX_ANSWER_BYTES);
  return {
    name,
    outputTokensAtMost: (request) => outputTokensOf(options.model, request),
    async generate(request, { signal, onText }) {
      try {
        return await withOwnSignal(signal, async (ownSignal) =>
          stream(await client(), model, name, request, ownSignal, onText),
        );
      } catch (error) {
        signal.throwIfAborted();
        throw mapGeminiError(error, name);
      }
    },
  };
}

async function stream(
  client: GoogleGenAI,
  model: string,
  name: string,
  request: ModelRequest,
  signal: AbortSignal,
  onText: ((piece: string) => void) | undefined,
): Promise<ModelReply> {
  const chunks = await client.models.generateContentStream(toRequest(model, request, signal));
  const maxOutputTokens = outputTokensOf(model, request);
  let text = "";
  let finish: string | undefined;
  let usage: GenerateContentResponseUsageMetadata | undefined;
  for await (const chunk of chunks) {
    const piece = textOf(chunk, name);
    if (piece !== "") {
      text += piece;
      if (piece.includes("\uFFFD")) throw unavailable(`${name} sent bytes that are no text.`);
      if (text.length > maxOutputTokens * MAX_CHARACTERS_PER_TOKEN) {
        throw unavailable(`${name} wrote far past the ${maxOutputTokens} tokens it was allowed.`);
      }
      onText?.(piece);
    }
    finish = chunk.candidates?.[0]?.finishReason ?? finish;
    usage = chunk.usageMetadata ?? usage;
  }
  signal.throwIfAborted();
  return { text, model: name, usage: toUsage(usage), finish: readFinish(finish, text, name) };
}

/** The parts themselves: the SDK's `chunk.text` warns on the console about parts that are no text. */
function textOf({ candidates, promptFeedback }: GenerateContentResponse, name: string): string {
  if (promptFeedback?.blockReason !== undefined) {
    throw refused(`${name} refused the question (${promptFeedback.blockReason}).`);
  }
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.map(({ text, thought }) => (thought === true ? "" : (text ?? ""))).join("");
}

const REFUSED = /^(SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII)$/;

/** Without a marker half an answer is truncated, and none at all is a failure; so is a marker without a word before it. */
function readFinish(finish: string | undefined, text: string, name: string): ModelReply["finish"] {
  const ending = finish ?? "FINISH_REASON_UNSPECIFIED";
  if (REFUSED.test(ending)) throw refused(`${name} withheld its answer (${ending}).`);
  if (text.trim() === "") throw unavailable(`${name} ended its answer without a word (${ending}).`);
  switch (ending) {
    case "STOP":
      return "stop";
    case "MAX_TOKENS":
      return "length";
    case "FINISH_REASON_UNSPECIFIED":
      throw new PregoneroError(
        "model-truncated",
        `${name} ended its answer without a finishReason.`,
        { retry: "backoff" },
      );
    default:
      throw unavailable(`${name} gave up its answer (${ending}).`);
  }
}

function unavailable(message: string): PregoneroError {
  return new PregoneroError("model-unavailable", message, { retry: "backoff" });
}

function refused(message: string): PregoneroError {
  return new PregoneroError("model-refused", message);
}

/** `promptTokenCount` includes the cached ones; thoughts are counted apart and billed as output. Each chunk's counts are of all so far. */
function toUsage(usage: GenerateContentResponseUsageMetadata | undefined): TokenUsage {
  return {
    input: usage?.promptTokenCount ?? 0,
    cachedInput: usage?.cachedContentTokenCount ?? 0,
    output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
  };
}
