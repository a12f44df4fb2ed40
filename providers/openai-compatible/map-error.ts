import { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { errors } from "undici";
import { isPregoneroError, PregoneroError, type Retry } from "../../src/core/errors.ts";

/**
 * Decides by the error's body first, then by its status: a 429 may be a rate limit or an empty account,
 * a 400 a question too long, and an error within a stream has no status at all.
 */
export function mapModelError(error: unknown, name: string): PregoneroError {
  if (isPregoneroError(error)) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return failure("model-timeout", `${name} sent no response headers in time.`, "backoff", error);
  }
  if (error instanceof APIConnectionError) {
    if (isPregoneroError(error.cause)) return error.cause;
    return failure(
      "model-unavailable",
      `${name} could not be reached: check its base URL and that it runs.`,
      "backoff",
      error,
    );
  }
  if (error instanceof APIError) return mapApiError(error, name);
  if (error instanceof SyntaxError) {
    return failure("model-unavailable", `${name} sent a frame that is not JSON.`, "backoff", error);
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return failure("model-unavailable", `${name} sent an answer without end.`, "backoff", error);
  }
  // undici's error of a connection lost within the body.
  return failure("model-truncated", `${name} broke off its answer.`, "backoff", error);
}

function mapApiError(error: APIError, name: string): PregoneroError {
  const { status, headers } = error;
  const kind = `${error.code ?? ""} ${error.type ?? ""}`;
  const later = readRetryAfter(headers) ?? "backoff";
  const said = `${name} answered ${status ?? "within its stream"}${kind.trim() === "" ? "" : ` (${kind.trim()})`}`;

  if (status === 402 || /insufficient_quota|billing|credit|spend_limit/.test(kind)) {
    return failure("model-quota", `${said}: its account has no credit left.`, "never", error);
  }
  if (
    /context_length_exceeded/.test(kind) ||
    (status === 400 && CONTEXT_TOO_LONG.test(error.message))
  ) {
    return failure(
      "model-context-too-long",
      `${said}: the request is longer than its context.`,
      "never",
      error,
    );
  }
  if (/content_filter|content_policy/.test(kind))
    return failure("model-refused", `${said}.`, "never", error);
  if (status === 401 || status === 403 || /invalid_api_key/.test(kind)) {
    return failure("model-bad-key", `${said}: check its API key.`, "never", error);
  }
  if (status === 429 || /rate_limit/.test(kind))
    return failure("model-rate-limited", `${said}.`, later, error);
  if (status === 408) return failure("model-timeout", `${said}.`, later, error);
  if (status === undefined || status === 409 || status >= 500) {
    return failure("model-unavailable", `${said}.`, later, error);
  }
  return failure(
    "model-bad-request",
    `${said}: check the model's name and base URL.`,
    "never",
    error,
  );
}

/** Servers that give no code say it in words (Ollama, LM Studio, llama.cpp). */
const CONTEXT_TOO_LONG =
  /context (length|window|size)|maximum context|too many tokens|exceeds? the context/i;

/** `retry-after-ms`, else `retry-after` in seconds or as an HTTP date (RFC 9110 §10.2.3). */
function readRetryAfter(headers: Headers | undefined): Retry | undefined {
  const inMs = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(inMs) && inMs >= 0) return { afterMs: inMs };
  const value = headers?.get("retry-after");
  if (value === null || value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return { afterMs: Math.max(0, seconds * 1000) };
  const servedAt = Date.parse(headers?.get("date") ?? "");
  const until = Date.parse(value) - servedAt;
  return Number.isFinite(until) ? { afterMs: Math.max(0, until) } : undefined;
}

function failure(code: string, message: string, retry: Retry, cause: unknown): PregoneroError {
  return new PregoneroError(code, message, { retry, status: 503, cause });
}
