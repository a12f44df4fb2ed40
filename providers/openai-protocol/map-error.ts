import { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { isPregoneroError, PregoneroError } from "../../src/core/errors.ts";
import { readRetryAfter } from "../../src/core/retry-after.ts";

/** What a server said of a failure; within a stream it says it without a status. */
export interface ServerError {
  readonly status: number | undefined;
  /** Its `code` and `type`, whichever are there. */
  readonly kind: string;
  readonly message: string;
  readonly headers: Headers | undefined;
}

/** Decides a code for what one vendor says in its own way; undefined where it speaks as OpenAI does. */
export type VendorCode = (error: ServerError) => ModelErrorCode | undefined;

export type ModelErrorCode =
  | "model-rate-limited"
  | "model-quota"
  | "model-bad-key"
  | "model-unavailable"
  | "model-timeout"
  | "model-refused"
  | "model-context-too-long"
  | "model-bad-request";

/** What a person can do about it. */
const ADVICE: Readonly<Record<ModelErrorCode, string>> = {
  "model-rate-limited": "too many calls for now",
  "model-quota": "its account has no credit left, or met its spending limit",
  "model-bad-key": "check its API key and what that may use",
  "model-unavailable": "it is down or overloaded",
  "model-timeout": "it took too long",
  "model-refused": "its content filter withheld the answer",
  "model-context-too-long": "the request is longer than it takes",
  "model-bad-request": "check the model's name and the base URL",
};

/** Turns whatever the SDK throws into a `PregoneroError`; see `describeServerError` for what a server said itself. */
export function mapModelError(
  error: unknown,
  name: string,
  vendorCode: VendorCode = () => undefined,
): PregoneroError {
  if (isPregoneroError(error)) return error;
  if (error instanceof APIConnectionTimeoutError) return timedOut(name, error);
  if (error instanceof APIConnectionError) {
    if (isPregoneroError(error.cause)) return error.cause;
    return new PregoneroError(
      "model-unavailable",
      `${name} could not be reached: check its base URL and that it runs.`,
      { retry: "backoff", status: 503, cause: error },
    );
  }
  if (error instanceof APIError) {
    return mapServerError(
      {
        status: error.status,
        kind: [error.code, error.type]
          .filter((part) => part !== undefined && part !== null)
          .join(" "),
        message: error.message,
        headers: error.headers,
      },
      name,
      error,
      vendorCode,
    );
  }
  return mapTransportError(error, name);
}

/** Decides by the body first, then by the status: a 429 may be a rate limit or an empty account, a 400 a text too long. */
export function mapServerError(
  error: ServerError,
  name: string,
  cause: unknown,
  vendorCode: VendorCode = () => undefined,
): PregoneroError {
  const code = vendorCode(error) ?? byBody(error) ?? byStatus(error.status);
  const said = `${name} answered ${error.status ?? "within its stream"}${error.kind === "" ? "" : ` (${error.kind})`}`;
  return new PregoneroError(code, `${said}: ${ADVICE[code]}.`, {
    retry: MAY_PASS.has(code) ? (readRetryAfter(error.headers) ?? "backoff") : "never",
    status: 503,
    cause,
  });
}

const MAY_PASS = new Set<ModelErrorCode>([
  "model-rate-limited",
  "model-unavailable",
  "model-timeout",
]);

function byBody({ status, kind, message }: ServerError): ModelErrorCode | undefined {
  if (/insufficient_quota|billing|credit|spend/.test(kind)) return "model-quota";
  // A single request over the limit of tokens per minute is answered 429, and would be for ever.
  if (status === 429 && /^(429 )?Request too large/i.test(message)) return "model-context-too-long";
  if (/context_length_exceeded|string_above_max_length/.test(kind)) return "model-context-too-long";
  if (status === 400 && CONTEXT_TOO_LONG.test(message)) return "model-context-too-long";
  if (/content_filter|content_policy|invalid_prompt|bio_policy/.test(kind)) return "model-refused";
  if (/unsupported_country/.test(kind)) return "model-bad-request";
  if (/invalid_api_key/.test(kind)) return "model-bad-key";
  if (/rate_limit/.test(kind)) return "model-rate-limited";
  return undefined;
}

/** Servers that give no code say it in words. */
const CONTEXT_TOO_LONG =
  /context (length|window|size)|maximum (context|prompt length)|too many tokens|exceeds? the context/i;

function byStatus(status: number | undefined): ModelErrorCode {
  switch (status) {
    case 401:
    case 403:
      return "model-bad-key";
    case 402:
      return "model-quota";
    case 408:
    case 504:
      return "model-timeout";
    case 413:
      return "model-context-too-long";
    case 429:
      return "model-rate-limited";
    default:
      return status === undefined || status === 409 || status >= 500
        ? "model-unavailable"
        : "model-bad-request";
  }
}

/** undici's own errors; its fetch throws TypeError "terminated", with the true one as the cause. */
function mapTransportError(error: unknown, name: string): PregoneroError {
  if (error instanceof SyntaxError) return broken(`${name} sent a frame that is not JSON.`, error);
  const { code, cause } = (error ?? {}) as Coded & { readonly cause?: Coded };
  switch (code ?? cause?.code) {
    case "UND_ERR_BODY_TIMEOUT":
      return timedOut(name, error);
    case "UND_ERR_RES_EXCEEDED_MAX_SIZE":
      return broken(`${name} sent more than any answer needs.`, error);
    default:
      return new PregoneroError("model-truncated", `${name} broke off its answer.`, {
        retry: "backoff",
        status: 503,
        cause: error,
      });
  }
}

interface Coded {
  readonly code?: unknown;
}

function broken(message: string, cause: unknown): PregoneroError {
  return new PregoneroError("model-unavailable", message, { retry: "backoff", status: 503, cause });
}

function timedOut(name: string, cause: unknown): PregoneroError {
  return new PregoneroError("model-timeout", `${name} sent nothing in time.`, {
    retry: "backoff",
    status: 503,
    cause,
  });
}
