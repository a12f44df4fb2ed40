import type Anthropic from "@anthropic-ai/sdk";
import type { ModelMessage, ModelRequest } from "../../src/core/language-model.ts";

/**
 * 512 tokens, at about 4 characters each: the shortest prompt that any model keeps (platform.claude.com/docs,
 * prompt caching; November 2026). To mark a shorter one is allowed and does nothing.
 */
const MIN_CACHED_CHARACTERS = 2_048;

/**
 * Models from Claude 5 think before they answer unless told otherwise, within `max_tokens`; what tells them
 * otherwise differs from model to model, and a wrong word is refused. A low effort all of them accept.
 */
const THINKS_BY_DEFAULT = /^claude-[a-z]+-5(-|$)/;
/** Room for that beyond the answer's own limit. A low effort rarely takes it. */
const THINKING_TOKENS = 2_048;

/** What the vendor may write, and charge for, at most: thinking included. */
export function outputTokensOf(model: string, request: ModelRequest): number {
  return request.maxOutputTokens + (THINKS_BY_DEFAULT.test(model) ? THINKING_TOKENS : 0);
}

/**
 * The body of a streamed message. Rules for the model go into `system`, in their order, since no role says them;
 * they are the same from call to call, so the vendor may keep them (its minutes are counted from the last use).
 * There is no temperature: models from Claude Opus 4.7 refuse it, and version 2026-10-21 of the API does not know it.
 */
export function toRequest(
  model: string,
  request: ModelRequest,
): Anthropic.MessageCreateParamsStreaming {
  const rules = request.messages
    .filter(({ role, text }) => role === "system" && text.trim() !== "")
    .map(({ text }) => text)
    .join("\n\n");
  const turns = request.messages.flatMap((message): Anthropic.MessageParam[] => {
    const content = toContent(message);
    return message.role === "system" || content.length === 0
      ? []
      : [{ role: message.role, content }];
  });
  return {
    model,
    max_tokens: outputTokensOf(model, request),
    messages: turns,
    stream: true,
    ...(rules === "" ? {} : { system: [toSystemPart(rules)] }),
    ...(THINKS_BY_DEFAULT.test(model) ? { output_config: { effort: "low" } } : {}),
  };
}

/** Pictures before the text, as the vendor advises. It refuses an empty text. */
function toContent({ text, images = [] }: ModelMessage): Anthropic.MessageParam["content"] {
  const hasText = text.trim() !== "";
  if (images.length === 0) return hasText ? text : [];
  return [
    ...images.map(
      ({ mediaType, bytes }): Anthropic.ImageBlockParam => ({
        type: "image",
        source: {
          type: "base64",
          media_type: mediaType,
          data: Buffer.from(bytes).toString("base64"),
        },
      }),
    ),
    ...(hasText ? [{ type: "text" as const, text }] : []),
  ];
}

function toSystemPart(text: string): Anthropic.TextBlockParam {
  return text.length < MIN_CACHED_CHARACTERS
    ? { type: "text", text }
    : { type: "text", text, cache_control: { type: "ephemeral" } };
}
