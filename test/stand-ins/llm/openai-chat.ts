import type { Ending } from "./llm-fault.ts";
import {
  findEmbeddingProblem,
  hasBearer,
  hasPartOf,
  isContent,
  openAiEmbeddings,
  openAiError,
  openAiTexts,
} from "./openai-shared.ts";
import { findTranscriptionProblem, TRANSCRIPTIONS, transcription } from "./openai-speech.ts";
import {
  type Frames,
  isRecord,
  type ReceivedCall,
  TOKENS,
  type WireFormat,
} from "./wire-format.ts";

/**
 * Chat completions and embeddings (platform.openai.com/docs/api-reference, November 2026), as OpenAI, xAI and
 * local servers speak them: the finish_reason chunk, then the usage chunk with empty `choices`, then `[DONE]`.
 */
export const openAiChat: WireFormat = {
  basePath: "/v1",
  operationOf: (path, body) => {
    if (path === "/v1/chat/completions")
      return { kind: "generate", stream: body.stream === true, model: String(body.model) };
    if (path === "/v1/embeddings") return { kind: "embed", model: String(body.model) };
    if (path === TRANSCRIPTIONS) return { kind: "transcribe", model: String(body.model) };
    return undefined;
  },
  isAuthorized: (call, apiKey) => hasBearer(call, apiKey, true),
  findProblem: ({ body }, operation) => {
    if (operation.kind === "embed") return findEmbeddingProblem(body);
    return operation.kind === "transcribe" ? findTranscriptionProblem(body) : findChatProblem(body);
  },
  error: openAiError,
  frames,
  whole: (text, model, ending) => ({
    id: "chatcmpl-stand-in",
    object: "chat.completion",
    created: CREATED,
    model,
    choices:
      ending === "empty-choices"
        ? []
        : [
            {
              index: 0,
              message:
                ending === "refusal"
                  ? { role: "assistant", content: null, refusal: text }
                  : { role: "assistant", content: text, refusal: null },
              finish_reason: FINISH[ending],
            },
          ],
    usage: USAGE,
  }),
  errorFrame: `data: ${JSON.stringify({ error: { message: "The server had an error", type: "server_error", param: null, code: null } })}\n\n`,
  errorUnder200: {
    error: { message: "The server had an error", type: "server_error", param: null, code: null },
  },
  badFrame: 'data: {"choices": [{\n\n',
  textsToEmbed: openAiTexts,
  embeddings: openAiEmbeddings,
  transcription,
};

const CREATED = 1_700_000_000;

/** `prompt_tokens` includes the cached ones. */
const USAGE = {
  prompt_tokens: TOKENS.input,
  completion_tokens: TOKENS.output,
  total_tokens: TOKENS.input + TOKENS.output,
  prompt_tokens_details: { cached_tokens: TOKENS.cached },
};

const FINISH: Readonly<Record<Ending, string>> = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter",
  refusal: "stop",
  "empty-choices": "stop",
};

const ROLES = ["system", "developer", "user", "assistant", "tool"];

function findChatProblem(body: ReceivedCall["body"]): string | undefined {
  if (typeof body.model !== "string" || body.model === "")
    return "you must provide a model parameter";
  const { messages, temperature, max_tokens: limit, max_completion_tokens: newLimit } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    return "Invalid 'messages': empty array. Expected an array with minimum length 1.";
  for (const message of messages) {
    if (!isRecord(message) || !ROLES.includes(String(message.role)))
      return `Invalid value: '${isRecord(message) ? message.role : message}'. Supported values are: ${ROLES.join(", ")}.`;
    if (hasPartOf(message.content, ["input_image", "input_text"]))
      return "Invalid value: 'input_image'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'.";
    if (!isContent(message.content, ["text"]) && message.role !== "assistant")
      return "Invalid value for 'content': expected a string or an array of parts.";
  }
  if (limit !== undefined && newLimit !== undefined)
    return "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
  for (const value of [limit, newLimit])
    if (value !== undefined && !(Number.isInteger(value) && Number(value) >= 1))
      return "Invalid 'max_tokens': integer below minimum value.";
  if (temperature !== undefined && !(Number(temperature) >= 0 && Number(temperature) <= 2))
    return "Invalid 'temperature': expected a value between 0 and 2.";
  if (body.stream_options !== undefined && body.stream !== true)
    return "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
  return undefined;
}

function frames(pieces: readonly string[], model: string, ending: Ending): Frames {
  const chunk = (choices: readonly unknown[], usage: unknown = null) =>
    `data: ${JSON.stringify({
      id: "chatcmpl-stand-in",
      object: "chat.completion.chunk",
      created: CREATED,
      model,
      choices,
      usage,
    })}\n\n`;
  const delta = (value: unknown, finish: string | null = null) => ({
    index: 0,
    delta: value,
    finish_reason: finish,
  });
  if (ending === "empty-choices")
    return { head: [chunk([])], pieces: [], tail: [chunk([], USAGE), "data: [DONE]\n\n"] };
  const field = ending === "refusal" ? "refusal" : "content";
  return {
    head: [chunk([delta({ role: "assistant", content: "" })])],
    pieces: pieces.map((piece) => chunk([delta({ [field]: piece })])),
    tail: [chunk([delta({}, FINISH[ending])]), chunk([], USAGE), "data: [DONE]\n\n"],
  };
}
