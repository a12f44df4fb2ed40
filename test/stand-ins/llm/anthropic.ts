import { findImageProblem } from "./images.ts";
import type { Ending } from "./llm-fault.ts";
import {
  type ErrorAnswer,
  type Frames,
  isRecord,
  type ReceivedCall,
  retryHeaders,
  TOKENS,
  type ToldFault,
  type WireFormat,
} from "./wire-format.ts";

const REQUEST_ID = "req_011CSHoEeqs5C35K2UUqR7Fy";

/**
 * The Messages protocol (platform.claude.com/docs: messages, streaming, errors; November 2026). The end is
 * `message_stop`; `event: error` may follow HTTP 200; there are no embeddings.
 */
export const anthropic: WireFormat = {
  basePath: "",
  operationOf: (path, body) =>
    path.replace(/\?beta=true$/, "") === "/v1/messages"
      ? { kind: "generate", stream: body.stream === true, model: String(body.model) }
      : undefined,
  isAuthorized: ({ headers }, apiKey) => {
    // The documented header; the SDK from 1.0 sends the same key as a bearer token.
    const key = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /, "");
    return apiKey === undefined ? typeof key === "string" && key !== "" : key === apiKey;
  },
  findProblem,
  error,
  frames,
  whole: (text, model, ending) => ({
    ...message(model),
    content: ending === "stop" || ending === "length" ? [{ type: "text", text }] : [],
    stop_reason: STOP_REASON[ending],
    usage: { ...INPUT_USAGE, output_tokens: TOKENS.output },
  }),
  errorFrame: event("error", errorBody("overloaded_error", "Overloaded")),
  errorUnder200: errorBody("overloaded_error", "Overloaded"),
  badFrame: 'event: content_block_delta\ndata: {"type": "content_block_delta", "index"\n\n',
  textsToEmbed: () => [],
  embeddings: () => ({}),
};

/** `input_tokens` excludes what was read from the cache and what was written to it. */
const CACHE_WRITTEN = 30;
const INPUT_USAGE = {
  input_tokens: TOKENS.input - TOKENS.cached - CACHE_WRITTEN,
  cache_creation_input_tokens: CACHE_WRITTEN,
  cache_read_input_tokens: TOKENS.cached,
};

const STOP_REASON: Readonly<Record<Ending, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  "content-filter": "refusal",
  refusal: "refusal",
  "empty-choices": "end_turn",
};

/** Of the API; the second is what the SDK sends from 1.0. */
const VERSIONS = ["2023-06-01", "2026-10-21"];

function findProblem({ headers, body }: ReceivedCall): string | undefined {
  const version = headers["anthropic-version"];
  if (version === undefined) return "anthropic-version: header is required";
  if (!VERSIONS.includes(String(version)))
    return `anthropic-version: "${version}" is not a valid version`;
  if (typeof body.model !== "string" || body.model === "") return "model: Field required";
  if (body.max_tokens === undefined) return "max_tokens: Field required";
  if (!Number.isInteger(body.max_tokens) || Number(body.max_tokens) < 1)
    return "max_tokens: Input should be greater than or equal to 1";
  // Since Claude Opus 4.7, and no parameter of version 2026-10-21 any more.
  if (body.temperature !== undefined) return "`temperature` is deprecated for this model.";
  const { messages, system } = body;
  if (!Array.isArray(messages)) return "messages: Field required";
  if (messages.length === 0) return "messages: at least one message is required";
  for (const [at, said] of messages.entries()) {
    const role = isRecord(said) ? said.role : undefined;
    if (role === "system")
      return 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.';
    if (role !== "user" && role !== "assistant")
      return `messages.${at}.role: Input should be 'user' or 'assistant'`;
    const problem = findBlockProblem(`messages.${at}.content`, said.content);
    if (problem !== undefined) return problem;
  }
  return system === undefined ? undefined : findBlockProblem("system", system);
}

/** Text or blocks, none of them empty, which the API refuses. */
function findBlockProblem(where: string, content: unknown): string | undefined {
  if (typeof content === "string")
    return content.trim() === "" && where !== "system"
      ? `${where}: text content blocks must contain non-whitespace text`
      : undefined;
  if (!Array.isArray(content)) return `${where}: Input should be a valid list`;
  for (const block of content) {
    if (!isRecord(block) || typeof block.type !== "string")
      return `${where}.0.type: Field required`;
    if (block.type === "text" && (typeof block.text !== "string" || block.text.trim() === ""))
      return `${where}: text content blocks must be non-empty`;
    if (block.type === "image") {
      const { source } = block;
      if (!isRecord(source) || source.type !== "base64")
        return `${where}.0.image.source: Input should be a valid dictionary`;
      const problem = findImageProblem(source.media_type, source.data);
      if (problem !== undefined) return `${where}.0.image.source.base64: ${problem}`;
    } else if (block.type !== "text") {
      return `${where}.0: Input tag '${block.type}' found using 'type' does not match any of the expected tags`;
    }
    const cache = block.cache_control;
    if (cache !== undefined && !(isRecord(cache) && cache.type === "ephemeral"))
      return `${where}.0.cache_control.type: Input should be 'ephemeral'`;
  }
  return undefined;
}

function error(fault: ToldFault, said?: string): ErrorAnswer {
  const answer = (status: number, type: string, usual: string) => ({
    status,
    headers: { "request-id": REQUEST_ID },
    body: errorBody(type, said ?? usual),
  });
  switch (fault.kind) {
    case "rate-limited": {
      const limited = answer(
        429,
        "rate_limit_error",
        "Number of request tokens has exceeded your per-minute rate limit",
      );
      return { ...limited, headers: { ...limited.headers, ...retryHeaders(fault) } };
    }
    case "quota":
    case "spend-limit":
      // No retry-after: only the detail tells it from a rate limit, and waiting until next month does not help.
      return {
        ...answer(429, "rate_limit_error", ""),
        body: errorBody(
          "rate_limit_error",
          "Your organization has reached its monthly API usage limit.",
          { error_code: "enforced_spend_limit_reached" },
        ),
      };
    case "workspace-spend-limit":
      return answer(
        400,
        "invalid_request_error",
        "You have reached your specified workspace API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
      );
    case "payment-required":
      return answer(402, "billing_error", "There is an issue with your billing.");
    case "bad-key":
      return answer(401, "authentication_error", "invalid x-api-key");
    case "context-too-long":
      return answer(
        400,
        "invalid_request_error",
        "prompt is too long: 213462 tokens > 200000 maximum",
      );
    case "bad-request":
      return answer(400, "invalid_request_error", "top_k: Input should be a valid integer");
    case "unknown-model":
      return answer(404, "not_found_error", "model: stand-in");
    case "overloaded":
      return answer(529, "overloaded_error", "Overloaded");
    case "status":
      return answer(fault.status, fault.status === 404 ? "not_found_error" : "api_error", "Error");
    default:
      return fault satisfies never;
  }
}

function errorBody(type: string, said: string, details?: unknown) {
  return {
    type: "error",
    error: { type, message: said, ...(details === undefined ? {} : { details }) },
    request_id: REQUEST_ID,
  };
}

function frames(pieces: readonly string[], model: string, ending: Ending): Frames {
  const hasText = ending === "stop" || ending === "length" || ending === "content-filter";
  const start = event("message_start", {
    type: "message_start",
    message: { ...message(model), usage: { ...INPUT_USAGE, output_tokens: 1 } },
  });
  const block = event("content_block_start", {
    type: "content_block_start",
    index: 0,
    content_block: { type: "text", text: "" },
  });
  const ping = event("ping", { type: "ping" });
  const end = [
    event("message_delta", {
      type: "message_delta",
      delta: { stop_reason: STOP_REASON[ending], stop_sequence: null },
      usage: { ...INPUT_USAGE, output_tokens: TOKENS.output },
    }),
    event("message_stop", { type: "message_stop" }),
  ];
  if (!hasText) return { head: [start, ping], pieces: [], tail: end };
  return {
    head: [start, block, ping],
    pieces: pieces.map((text) =>
      event("content_block_delta", {
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text },
      }),
    ),
    tail: [event("content_block_stop", { type: "content_block_stop", index: 0 }), ...end],
  };
}

function message(model: string) {
  return {
    id: "msg_stand_in",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
