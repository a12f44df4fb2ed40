import type { ModelFault } from "./model-stand-in.ts";

/**
 * The protocol's true shapes, from platform.openai.com/docs/api-reference (chat streaming, errors; read
 * November 2026): the finish_reason chunk, then the usage chunk with empty `choices`, then `[DONE]`.
 */
export const USAGE = {
  prompt_tokens: 120,
  completion_tokens: 40,
  total_tokens: 160,
  prompt_tokens_details: { cached_tokens: 20 },
};

/** SSE frames: the role, the pieces of text, and last the three of the end (finish, usage, `[DONE]`). */
export function completionFrames(
  text: string,
  pieceCount: number,
  model: string,
): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / pieceCount));
  const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? [];
  const chunk = (choices: readonly unknown[], usage: unknown = null) =>
    `data: ${JSON.stringify({
      id: "chatcmpl-stand-in",
      object: "chat.completion.chunk",
      created: 1_700_000_000,
      model,
      choices,
      usage,
    })}\n\n`;
  const delta = (value: unknown, finish: string | null = null) => ({
    index: 0,
    delta: value,
    finish_reason: finish,
  });
  return [
    chunk([delta({ role: "assistant", content: "" })]),
    ...pieces.map((content) => chunk([delta({ content })])),
    chunk([delta({}, "stop")]),
    chunk([], USAGE),
    "data: [DONE]\n\n",
  ];
}

interface ErrorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The whole HTTP answer of a fault; undefined for faults that happen within a stream. */
export function errorBody(fault: ModelFault): ErrorResponse | undefined {
  switch (fault.kind) {
    case "rate-limited":
      return {
        status: 429,
        headers: {
          ...(fault.retryAfterSeconds === undefined
            ? {}
            : { "retry-after": String(fault.retryAfterSeconds) }),
          ...(fault.retryAfterMs === undefined
            ? {}
            : { "retry-after-ms": String(fault.retryAfterMs) }),
        },
        body: error("Rate limit reached for requests", "requests", "rate_limit_exceeded"),
      };
    case "quota":
      return {
        status: 429,
        body: error(
          "You exceeded your current quota, please check your plan and billing details.",
          "insufficient_quota",
          "insufficient_quota",
        ),
      };
    case "bad-key":
      return {
        status: 401,
        body: error("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
      };
    case "context-too-long":
      return {
        status: 400,
        body: error(
          "This model's maximum context length is 8192 tokens.",
          "invalid_request_error",
          "context_length_exceeded",
        ),
      };
    case "bad-request":
      return {
        status: 400,
        body: error(
          "Unsupported value: 'temperature'.",
          "invalid_request_error",
          "unsupported_value",
        ),
      };
    case "unknown-model":
      return {
        status: 404,
        body: error("The model does not exist.", "invalid_request_error", "model_not_found"),
      };
    case "status":
      return {
        status: fault.status,
        body: error("The server had an error.", "server_error", null),
      };
    default:
      return undefined;
  }
}

function error(message: string, type: string, code: string | null): unknown {
  return { error: { message, type, param: null, code } };
}
