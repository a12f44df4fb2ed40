import type OpenAI from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import type { ModelReply, TokenUsage } from "../../src/core/language-model.ts";
import { collectText, type Reading } from "./collect-text.ts";

/** One streamed chat completion, read to its terminal marker: a choice's `finish_reason`. */
export async function streamChat(
  client: OpenAI,
  body: OpenAI.ChatCompletionCreateParamsStreaming,
  reading: Reading,
): Promise<ModelReply> {
  const { name, signal } = reading;
  const text = collectText(reading);
  let finish: string | undefined;
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const chunk of await client.chat.completions.create(body, { signal })) {
    const choice = chunk.choices?.[0];
    text.add(choice?.delta?.content);
    if (choice?.delta?.refusal) finish = "content_filter";
    else finish ??= choice?.finish_reason ?? undefined;
    usage = chunk.usage ?? usage;
  }
  // The SDK ends its loop normally when aborted or when the server closes early: only the marker proves the end.
  signal.throwIfAborted();
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
