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
 * The Responses protocol (platform.openai.com/docs/api-reference/responses-streaming, November 2026): named
 * events with a sequence number; the end is `response.completed` or `response.incomplete`; there is no `[DONE]`.
 */
export const openAiResponses: WireFormat = {
  basePath: "/v1",
  operationOf: (path, body) => {
    if (path === "/v1/responses")
      return { kind: "generate", stream: body.stream === true, model: String(body.model) };
    if (path === "/v1/embeddings") return { kind: "embed", model: String(body.model) };
    if (path === TRANSCRIPTIONS) return { kind: "transcribe", model: String(body.model) };
    return undefined;
  },
  isAuthorized: (call, apiKey) => hasBearer(call, apiKey, false),
  findProblem: ({ body }, operation) => {
    if (operation.kind === "embed") return findEmbeddingProblem(body);
    return operation.kind === "transcribe"
      ? findTranscriptionProblem(body)
      : findResponsesProblem(body);
  },
  error: openAiError,
  frames,
  whole: (text, model, ending) => finished(text, model, ending),
  errorFrame: event("error", {
    code: "server_error",
    message: "The server had an error",
    param: null,
    sequence_number: 99,
  }),
  errorUnder200: {
    ...shell("stand-in", "failed"),
    error: { code: "server_error", message: "The server had an error" },
    output: [],
  },
  badFrame: 'event: response.output_text.delta\ndata: {"type": "response.output\n\n',
  textsToEmbed: openAiTexts,
  embeddings: openAiEmbeddings,
  transcription,
};

const ITEM_ID = "msg_stand_in";

function findResponsesProblem(body: ReceivedCall["body"]): string | undefined {
  if (typeof body.model !== "string" || body.model === "")
    return "Missing required parameter: 'model'.";
  if ("messages" in body)
    return "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'.";
  if ("max_tokens" in body || "max_completion_tokens" in body)
    return "Unsupported parameter: 'max_tokens'. In the Responses API, this parameter has moved to 'max_output_tokens'.";
  const { input, max_output_tokens: limit, instructions } = body;
  if (instructions !== undefined && instructions !== null && typeof instructions !== "string")
    return "Invalid type for 'instructions': expected a string.";
  // 16 is the least that the API takes.
  if (limit !== undefined && limit !== null && !(Number.isInteger(limit) && Number(limit) >= 16))
    return `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`;
  if (typeof input === "string") return undefined;
  if (!Array.isArray(input) || input.length === 0) return "Missing required parameter: 'input'.";
  for (const item of input) {
    if (!isRecord(item)) return "Invalid type for 'input[0]': expected an object.";
    if (!["system", "developer", "user", "assistant"].includes(String(item.role)))
      return `Invalid value: '${item.role}'.`;
    if (hasPartOf(item.content, ["image_url", "text"]))
      return "Invalid value: 'image_url'. Supported values are: 'input_text', 'input_image', 'output_text', 'refusal', 'input_file', 'computer_screenshot', and 'summary_text'.";
    if (!isContent(item.content, ["input_text", "output_text"])) return "Invalid 'content'.";
    const isAssistant = item.role === "assistant";
    const wrong = isAssistant ? "input_text" : "output_text";
    if (
      Array.isArray(item.content) &&
      item.content.some((part: unknown) => isRecord(part) && part.type === wrong)
    )
      return `Invalid value: '${wrong}'. Supported values are: '${isAssistant ? "output_text" : "input_text"}'.`;
  }
  return undefined;
}

function frames(pieces: readonly string[], model: string, ending: Ending): Frames {
  const text = pieces.join("");
  const part = outputPart("", ending);
  const kind = ending === "refusal" ? "refusal" : "output_text";
  const at = { item_id: ITEM_ID, output_index: 0, content_index: 0 };
  let sequence = 0;
  const say = (type: string, data: object) => event(type, { ...data, sequence_number: sequence++ });
  const response = { ...shell(model, "in_progress"), output: [] };
  const head = [say("response.created", { response }), say("response.in_progress", { response })];
  const isEmpty = ending === "empty-choices";
  if (!isEmpty) {
    head.push(
      say("response.output_item.added", { output_index: 0, item: item([], "in_progress") }),
      say("response.content_part.added", { ...at, part }),
    );
  }
  const deltas = isEmpty
    ? []
    : pieces.map((delta) => say(`response.${kind}.delta`, { ...at, delta }));
  const isWhole = ending === "stop" || ending === "refusal";
  const tail = isEmpty
    ? []
    : [
        say(`response.${kind}.done`, {
          ...at,
          [ending === "refusal" ? "refusal" : "text"]: text,
        }),
        say("response.content_part.done", { ...at, part: outputPart(text, ending) }),
        say("response.output_item.done", {
          output_index: 0,
          item: item([outputPart(text, ending)], isWhole ? "completed" : "incomplete"),
        }),
      ];
  const last = finished(text, model, ending);
  tail.push(
    say(last.status === "completed" ? "response.completed" : "response.incomplete", {
      response: last,
    }),
  );
  return { head, pieces: deltas, tail };
}

function finished(text: string, model: string, ending: Ending) {
  const isCut = ending === "length" || ending === "content-filter";
  const status = isCut ? "incomplete" : "completed";
  return {
    ...shell(model, status),
    incomplete_details: isCut
      ? { reason: ending === "length" ? "max_output_tokens" : "content_filter" }
      : null,
    output: ending === "empty-choices" ? [] : [item([outputPart(text, ending)], status)],
    // input_tokens includes the cached ones.
    usage: {
      input_tokens: TOKENS.input,
      input_tokens_details: { cached_tokens: TOKENS.cached },
      output_tokens: TOKENS.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: TOKENS.input + TOKENS.output,
    },
  };
}

function shell(model: string, status: string) {
  return {
    id: "resp_stand_in",
    object: "response",
    created_at: 1_700_000_000,
    status,
    error: null,
    incomplete_details: null,
    model,
    usage: null,
  };
}

function item(content: readonly unknown[], status: string) {
  return { id: ITEM_ID, type: "message", status, role: "assistant", content };
}

function outputPart(text: string, ending: Ending) {
  return ending === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [] };
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
