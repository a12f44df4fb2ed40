import type OpenAI from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import type { ModelReply, TokenUsage } from "../../src/core/language-model.ts";
import { collectText, type Reading } from "./collect-text.ts";
import { readFrames } from "./read-frames.ts";

/** One streamed chat completion, read to its terminal marker: a choice's `finish_reason`. */
export async function streamChat(
  client: OpenAI,
  body: OpenAI.ChatCompletionCreateParamsStreaming,
  reading: Reading,
): Promise<ModelReply> {
  const { name, signal } = reading;
  const text = collectText(reading);
  const end: Ending = { finish: undefined, usage: undefined };
  const response = await client.chat.completions.create(body, { signal }).asResponse();
  await readFrames(response, (frame) => {
    const chunk = frame as OpenAI.ChatCompletionChunk;
    const choice = chunk.choices?.[0];
    text.add(choice?.delta?.content);
    if (choice?.delta?.refusal) end.finish = "content_filter";
    else end.finish ??= choice?.finish_reason ?? undefined;
    end.usage = chunk.usage ?? end.usage;
  });
  signal.throwIfAborted();
  const { finish, usage } = end;
  if (finish === "content_filter") {
    throw new PregoneroError("model-refused", `${name} withheld its answer.`);
  }
  const whole = text.whole();
  if (finish === undefined) {
    throw new PregoneroError(
      "model-truncated",
      `${name} ended its answer without a finish_reason.`,
      { retry: "backoff" },
    );
  }
  return {
    text: whole,
    model: name,
    usage: toUsage(usage),
    finish: finish === "length" ? "length" : "stop",
  };
}

interface Ending {
  finish: string | undefined;
  usage: OpenAI.CompletionUsage | undefined;
}

/**
 * `prompt_tokens` includes the cached ones. `completion_tokens` includes those of reasoning at OpenAI and leaves them
 * out at xAI, which bills them and counts them in the total (docs.x.ai, consumption and rate limits).
 */
function toUsage(usage: OpenAI.CompletionUsage | undefined): TokenUsage {
  const input = usage?.prompt_tokens ?? 0;
  return {
    input,
    cachedInput: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    output: Math.max(usage?.completion_tokens ?? 0, (usage?.total_tokens ?? 0) - input),
  };
}
