import type OpenAI from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import type {
  LanguageModel,
  ModelReply,
  ModelRequest,
  TokenUsage,
} from "../../src/core/language-model.ts";
import { readFrames } from "../openai-protocol/read-frames.ts";
import { type ClientOptions, createClient } from "./client.ts";
import { mapModelError } from "./map-error.ts";
import { toRequest } from "./to-request.ts";

export interface OpenAiCompatibleModelOptions extends ClientOptions {
  readonly model: string;
}

/** 5,000 tokens in frames of 400 bytes. An answer is held in memory to its end. */
const MAX_ANSWER_BYTES = 2_000_000;

/** More characters than this per output token that was allowed is a server that ignores the limit. */
const MAX_CHARACTERS_PER_TOKEN = 24;

/**
 * Chat completions over the `openai` SDK, all but the reading of the stream, for OpenAI, xAI, Ollama, LM Studio, GPT4All and whatever else speaks
 * the protocol. The SDK's retries are off: retrying, and the deadlines between pieces, are the chain's.
 */
export function createOpenAiCompatibleModel(options: OpenAiCompatibleModelOptions): LanguageModel {
  const client = createClient(options, MAX_ANSWER_BYTES);
  const name = `openai-compatible:${options.model}`;
  return {
    name,
    async generate(request, { signal, onText }) {
      try {
        return await stream(client, options, name, request, signal, onText);
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, name);
      }
    },
  };
}

async function stream(
  client: OpenAI,
  options: OpenAiCompatibleModelOptions,
  name: string,
  request: ModelRequest,
  signal: AbortSignal,
  onText: ((piece: string) => void) | undefined,
): Promise<ModelReply> {
  const response = await client.chat.completions
    .create(toRequest(options, request), { signal })
    .asResponse();
  const answer = createAnswer(request.maxOutputTokens, name, onText);
  await readFrames(response, (frame) => answer.add(frame as OpenAI.ChatCompletionChunk));
  signal.throwIfAborted();
  return answer.whole();
}

/** Puts an answer together from its chunks; throws when it is too long, and when it ends as no answer does. */
function createAnswer(
  maxOutputTokens: number,
  name: string,
  onText: ((piece: string) => void) | undefined,
): { add(chunk: OpenAI.ChatCompletionChunk): void; whole(): ModelReply } {
  let text = "";
  let finish: string | undefined;
  let hasChunks = false;
  let isRefused = false;
  let usage: OpenAI.CompletionUsage | undefined;
  return {
    add(chunk) {
      const choice = chunk.choices?.[0];
      const piece = choice?.delta?.content;
      hasChunks ||= choice !== undefined;
      isRefused ||= typeof choice?.delta?.refusal === "string";
      if (typeof piece === "string" && piece !== "") {
        text += piece;
        if (text.length > maxOutputTokens * MAX_CHARACTERS_PER_TOKEN) {
          throw new PregoneroError(
            "model-unavailable",
            `${name} wrote far past the ${maxOutputTokens} tokens that it was allowed.`,
          );
        }
        onText?.(piece);
      }
      finish = choice?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    },
    whole() {
      if (!hasChunks) throw noAnswer(name, "sent nothing of an answer: check its base URL");
      const outcome = readFinish(finish, name);
      if (isRefused) throw new PregoneroError("model-refused", `${name} declined to answer.`);
      if (text.trim() === "") throw noAnswer(name, "ended its answer without text");
      if (text.includes("\uFFFD")) throw noAnswer(name, "sent bytes that are no text");
      return { text, model: name, usage: toUsage(usage), finish: outcome };
    },
  };
}

function noAnswer(name: string, what: string): PregoneroError {
  return new PregoneroError("model-unavailable", `${name} ${what}.`, { retry: "backoff" });
}

function readFinish(finish: string | undefined, name: string): ModelReply["finish"] {
  switch (finish) {
    case undefined:
      throw new PregoneroError(
        "model-truncated",
        `${name} ended its answer without a finish_reason.`,
        { retry: "backoff" },
      );
    case "length":
      return "length";
    case "content_filter":
      throw new PregoneroError(
        "model-refused",
        `${name} withheld its answer (finish_reason content_filter).`,
      );
    default:
      return "stop";
  }
}

/** `prompt_tokens` includes the cached ones. Servers that count nothing (GPT4All) leave zeros. */
function toUsage(usage: OpenAI.CompletionUsage | undefined): TokenUsage {
  return {
    input: usage?.prompt_tokens ?? 0,
    cachedInput: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
  };
}
