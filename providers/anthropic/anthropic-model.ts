import type Anthropic from "@anthropic-ai/sdk";
import { PregoneroError } from "../../src/core/errors.ts";
import type {
  LanguageModel,
  ModelReply,
  ModelRequest,
  TokenUsage,
} from "../../src/core/language-model.ts";
import { type ClientOptions, createClientOpener } from "./client.ts";
import { mapModelError } from "./map-error.ts";
import { outputTokensOf, toRequest } from "./to-request.ts";

export interface AnthropicModelOptions extends ClientOptions {
  readonly model: string;
}

/** More characters than this per output token that was allowed is a server that ignores the limit. */
const MAX_CHARACTERS_PER_TOKEN = 24;

/** Messages over the `@anthropic-ai/sdk`, which is imported at the first call. Retries and deadlines are the chain's. */
export function createAnthropicModel(options: AnthropicModelOptions): LanguageModel {
  const open = createClientOpener(options);
  const name = `anthropic:${options.model}`;
  return {
    name,
    outputTokensAtMost: (request) => outputTokensOf(options.model, request),
    async generate(request, { signal, onText }) {
      signal.throwIfAborted();
      const { client, sdk } = await open();
      try {
        const events = await client.messages.create(toRequest(options.model, request), { signal });
        const answer = await readAnswer(events, name, request, onText);
        // The SDK ends its loop normally when aborted: what was read by then is no answer.
        signal.throwIfAborted();
        return toReply(answer, name);
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, name, sdk);
      }
    },
  };
}

interface Answer {
  readonly text: string;
  /** From `message_delta`; null until then. */
  readonly stopReason: Anthropic.StopReason | null;
  readonly usage: Anthropic.MessageDeltaUsage | undefined;
  readonly hasBegun: boolean;
  /** `message_stop`, the terminal marker, was seen. */
  readonly hasEnded: boolean;
}

async function readAnswer(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  name: string,
  request: ModelRequest,
  onText: ((piece: string) => void) | undefined,
): Promise<Answer> {
  let text = "";
  let stopReason: Anthropic.StopReason | null = null;
  let usage: Anthropic.MessageDeltaUsage | undefined;
  let hasBegun = false;
  let hasEnded = false;
  for await (const event of events) {
    switch (event.type) {
      case "message_start":
        hasBegun = true;
        usage = event.message?.usage;
        break;
      case "content_block_delta":
        // Thinking comes in deltas of its own, and is no part of the answer.
        if (event.delta?.type !== "text_delta" || event.delta.text === "") break;
        text += event.delta.text;
        if (text.length > request.maxOutputTokens * MAX_CHARACTERS_PER_TOKEN) {
          throw noAnswer(name, `wrote far past the ${request.maxOutputTokens} tokens allowed`);
        }
        onText?.(event.delta.text);
        break;
      case "message_delta":
        stopReason = event.delta?.stop_reason ?? stopReason;
        usage = merge(usage, event.usage);
        break;
      case "message_stop":
        hasEnded = true;
        break;
      default:
    }
  }
  return { text, stopReason, usage, hasBegun, hasEnded };
}

/** The last counts are cumulative; what `message_delta` leaves out stands as `message_start` said it. */
function merge(
  before: Anthropic.MessageDeltaUsage | undefined,
  after: Anthropic.MessageDeltaUsage | undefined,
): Anthropic.MessageDeltaUsage | undefined {
  if (before === undefined || after === undefined) return after ?? before;
  return {
    ...before,
    output_tokens: after.output_tokens,
    input_tokens: after.input_tokens ?? before.input_tokens,
    cache_creation_input_tokens:
      after.cache_creation_input_tokens ?? before.cache_creation_input_tokens,
    cache_read_input_tokens: after.cache_read_input_tokens ?? before.cache_read_input_tokens,
  };
}

function toReply(
  { text, stopReason, usage, hasBegun, hasEnded }: Answer,
  name: string,
): ModelReply {
  if (!hasBegun) throw noAnswer(name, "sent nothing of an answer: check its base URL");
  if (!hasEnded) {
    throw new PregoneroError("model-truncated", `${name} ended its answer without message_stop.`, {
      retry: "backoff",
    });
  }
  if (stopReason === "refusal") {
    throw new PregoneroError("model-refused", `${name} declined to answer.`);
  }
  const finish = toFinish(stopReason);
  if (finish === undefined) throw noAnswer(name, `stopped for another reason: ${stopReason}`);
  if (text.trim() === "") throw noAnswer(name, "ended its answer without text");
  if (text.includes("\uFFFD")) throw noAnswer(name, "sent bytes that are no text");
  return { text, model: name, usage: toUsage(usage), finish };
}

/** Undefined: reasons of tools, which are never asked for, and reasons not known yet. */
function toFinish(reason: Anthropic.StopReason | null): ModelReply["finish"] | undefined {
  switch (reason) {
    case "end_turn":
    case "stop_sequence":
      return "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    default:
      return undefined;
  }
}

/** `input_tokens` leaves out what was read from the cache and what was written to it. */
function toUsage(usage: Anthropic.MessageDeltaUsage | undefined): TokenUsage {
  const cachedInput = usage?.cache_read_input_tokens ?? 0;
  const cacheWrites = usage?.cache_creation_input_tokens ?? 0;
  return {
    input: (usage?.input_tokens ?? 0) + cachedInput + cacheWrites,
    cachedInput,
    output: usage?.output_tokens ?? 0,
    ...(cacheWrites === 0 ? {} : { cacheWrites }),
  };
}

function noAnswer(name: string, what: string): PregoneroError {
  return new PregoneroError("model-unavailable", `${name} ${what}.`, { retry: "backoff" });
}
