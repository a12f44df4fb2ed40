import { isPregoneroError, PregoneroError, type Retry } from "../../src/core/errors.ts";
import { readRetryAfter } from "../../src/core/retry-after.ts";

type Code =
  | "model-rate-limited"
  | "model-quota"
  | "model-bad-key"
  | "model-unavailable"
  | "model-timeout"
  | "model-context-too-long"
  | "model-bad-request";

/** What a person can do about it. */
const ADVICE: Readonly<Record<Code, string>> = {
  "model-rate-limited": "too many calls for now",
  "model-quota": "its quota of the day, credit or spending cap is used up",
  "model-bad-key": "check its API key and what that may use",
  "model-unavailable": "it is down or overloaded",
  "model-timeout": "it took too long",
  "model-context-too-long": "the request is longer than it takes",
  "model-bad-request": "check the model's name and the base URL",
};

/** Google's error (google.rpc.Status), as far as it is needed and there. */
interface ServerError {
  readonly httpStatus: number;
  readonly status: string;
  readonly message: string;
  /** Ids of the quotas that were exceeded (QuotaFailure). */
  readonly quotaIds: readonly string[];
  /** `API_KEY_INVALID` and the like (ErrorInfo). */
  readonly reasons: readonly string[];
  readonly retryDelayMs: number | undefined;
}

/** An answer that is none: a status outside 2xx. */
export function mapAnswer(response: Response, body: string, name: string): PregoneroError {
  // A delay in a header is of a proxy in front of Google.
  return mapServerError(readError(body, response.status), name, readRetryAfter(response.headers));
}

/** Whatever else the SDK throws: its own error for one within the stream, undici's for a lost connection. */
export function mapGeminiError(error: unknown, name: string): PregoneroError {
  if (isPregoneroError(error)) return error;
  if (error instanceof Error && error.name === "ApiError") {
    // `got status: UNAVAILABLE. {"error": …}`: the SDK keeps the body in its message only.
    const body = error.message.slice(Math.max(0, error.message.indexOf("{")));
    const { status } = error as { readonly status?: unknown };
    return mapServerError(readError(body, Number(status) || 500), name, undefined, error);
  }
  return mapTransportError(error, name);
}

function mapServerError(
  error: ServerError,
  name: string,
  retryAfter: Retry | undefined,
  cause?: unknown,
): PregoneroError {
  const code = codeOf(error);
  const mayPass =
    code === "model-rate-limited" || code === "model-unavailable" || code === "model-timeout";
  const later = error.retryDelayMs === undefined ? retryAfter : { afterMs: error.retryDelayMs };
  return failure(
    code,
    `${name} answered ${error.httpStatus} (${error.status}): ${ADVICE[code]}.`,
    mayPass ? (later ?? "backoff") : "never",
    cause,
  );
}

/** By the details first: an invalid key is a 400, and all quotas are 429 RESOURCE_EXHAUSTED with one message. */
function codeOf({ httpStatus, status, message, quotaIds, reasons }: ServerError): Code {
  if (reasons.some((reason) => /^API_KEY_|SERVICE_DISABLED/.test(reason))) return "model-bad-key";
  if (reasons.includes("BILLING_DISABLED") || httpStatus === 402) return "model-quota";
  if (status === "RESOURCE_EXHAUSTED" || httpStatus === 429) {
    // A quota of the day resets at midnight, whatever delay RetryInfo names beside it.
    const isUsedUp =
      quotaIds.some((id) => id.includes("PerDay")) ||
      /credits are depleted|spending cap/i.test(message);
    return isUsedUp ? "model-quota" : "model-rate-limited";
  }
  if (httpStatus === 413 || /input token count .*exceeds|too many tokens/i.test(message)) {
    return "model-context-too-long";
  }
  if (status === "FAILED_PRECONDITION" && /billing/i.test(message)) return "model-quota";
  if (httpStatus === 401 || httpStatus === 403) return "model-bad-key";
  if (httpStatus === 408 || httpStatus === 504) return "model-timeout";
  if (httpStatus === 409 || httpStatus === 499 || httpStatus >= 500) return "model-unavailable";
  return "model-bad-request";
}

function mapTransportError(error: unknown, name: string): PregoneroError {
  if (error instanceof SyntaxError) {
    return failure("model-unavailable", `${name} sent a frame that is not JSON.`, "backoff", error);
  }
  const cause =
    error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  if (cause?.code === "UND_ERR_HEADERS_TIMEOUT" || cause?.code === "UND_ERR_BODY_TIMEOUT") {
    return failure("model-timeout", `${name} sent nothing in time.`, "backoff", error);
  }
  if (cause?.code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    const message = `${name} sent more than any answer needs.`;
    return failure("model-unavailable", message, "backoff", error);
  }
  // undici: "fetch failed" before the headers, "terminated" within the body.
  if (error instanceof TypeError && error.message === "fetch failed") {
    const message = `${name} could not be reached: check its base URL and that it runs.`;
    return failure("model-unavailable", message, "backoff", error);
  }
  return failure("model-truncated", `${name} broke off its answer.`, "backoff", error);
}

function failure(code: string, message: string, retry: Retry, cause: unknown): PregoneroError {
  return new PregoneroError(code, message, { retry, status: 503, cause });
}

function readError(body: string, httpStatus: number): ServerError {
  const error = field(parse(body), "error");
  const details = field(error, "details");
  const said = Array.isArray(details) ? details : [];
  const status = field(error, "status");
  const message = field(error, "message");
  return {
    httpStatus,
    status: typeof status === "string" ? status : "no status",
    message: typeof message === "string" ? message : "",
    quotaIds: said
      .flatMap((detail) => field(detail, "violations") ?? [])
      .map((violation) => String(field(violation, "quotaId"))),
    reasons: said.map((detail) => String(field(detail, "reason"))),
    retryDelayMs: said
      .map((detail) => readDuration(field(detail, "retryDelay")))
      .find(Number.isFinite),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** google.protobuf.Duration in JSON: seconds with up to nine decimals and an `s`. In milliseconds, rounded up. */
function readDuration(duration: unknown): number | undefined {
  const [, seconds] =
    typeof duration === "string" ? (/^(\d+(?:\.\d+)?)s$/.exec(duration) ?? []) : [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}
