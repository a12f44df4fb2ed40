import type { APIError } from "@anthropic-ai/sdk";
import { errors } from "undici";
import { isPregoneroError, PregoneroError, type Retry } from "../../src/core/errors.ts";
import { readRetryAfter } from "../../src/core/retry-after.ts";
import type { Sdk } from "./client.ts";

/**
 * Decides by the error's body first, then by its status: a 429 may be a spend limit, a 400 too, or a text too
 * long; an error within a stream has no status at all (platform.claude.com/docs, errors; November 2026).
 */
export function mapModelError(error: unknown, name: string, sdk: Sdk): PregoneroError {
  if (isPregoneroError(error)) return error;
  if (error instanceof sdk.APIConnectionTimeoutError) {
    return failure("model-timeout", `${name} sent no response headers in time.`, "backoff", error);
  }
  if (error instanceof sdk.APIConnectionError) {
    return failure(
      "model-unavailable",
      `${name} could not be reached: check its base URL and that it runs.`,
      "backoff",
      error,
    );
  }
  if (error instanceof sdk.APIError) return mapApiError(error, name);
  if (error instanceof SyntaxError) {
    return failure("model-unavailable", `${name} sent a frame that is not JSON.`, "backoff", error);
  }
  if (error instanceof Error && error.cause instanceof errors.ResponseExceededMaxSizeError) {
    return failure("model-unavailable", `${name} sent an answer without end.`, "backoff", error);
  }
  // undici: TypeError "terminated" when the connection is lost within the body.
  return failure("model-truncated", `${name} broke off its answer.`, "backoff", error);
}

function mapApiError(error: APIError, name: string): PregoneroError {
  const { status, type, errorCode } = error;
  const kind = errorCode ?? type;
  const said = `${name} answered ${status ?? "within its stream"}${kind === null ? "" : ` (${kind})`}`;
  const fail = (code: string, retry: Retry, advice: string) =>
    failure(code, `${said}: ${advice}.`, retry, error);
  const later = readRetryAfter(error.headers);

  if (isOutOfMoney(error)) {
    return fail("model-quota", "never", "its account has no credit left, or met its spend limit");
  }
  if (isTooLong(error)) {
    return fail("model-context-too-long", "never", "the request is longer than it takes");
  }
  if (BLOCKED.test(error.apiMessage ?? "")) {
    return fail("model-refused", "never", "its content filter withheld the answer");
  }
  if (status === 401 || status === 403 || /^(authentication|permission)_error$/.test(type ?? "")) {
    return fail("model-bad-key", "never", "check its API key and what that may use");
  }
  if (status === 429 || type === "rate_limit_error") {
    // A true rate limit names its delay; a 429 without one does not pass by waiting.
    const retry = later ?? (status === 429 ? "never" : "backoff");
    return fail("model-rate-limited", retry, "too many calls for now");
  }
  if (status === 408 || status === 504 || type === "timeout_error") {
    return fail("model-timeout", later ?? "backoff", "it took too long");
  }
  if (status === undefined || status === 409 || status >= 500) {
    return fail("model-unavailable", later ?? "backoff", "it is down or overloaded");
  }
  return fail("model-bad-request", "never", "check the model's name and the base URL");
}

/** Limits that the vendor, a contract, the owner or an empty balance set; a wait of minutes lifts none of them. */
function isOutOfMoney({ status, type, errorCode, apiMessage }: APIError): boolean {
  return (
    status === 402 ||
    type === "billing_error" ||
    /spend_limit|billing|billable/.test(errorCode ?? "") ||
    OUT_OF_MONEY.test(apiMessage ?? "")
  );
}

/** Both are `invalid_request_error` with status 400, and tell themselves apart in words only. */
const OUT_OF_MONEY =
  /^You have reached your specified (workspace )?API usage limits|credit balance is too low/;

function isTooLong({ status, apiMessage }: APIError): boolean {
  return (
    status === 413 ||
    (status === 400 && /prompt is too long|exceeds? (the )?context/i.test(apiMessage ?? ""))
  );
}

const BLOCKED = /blocked by content filtering policy/i;

function failure(code: string, message: string, retry: Retry, cause: unknown): PregoneroError {
  return new PregoneroError(code, message, { retry, status: 503, cause });
}
