/** Where input is wrong, with the rule and an example of what would be right. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
  /** Stable name of the rule: `too-long`. Undefined: `problem` alone tells it. */
  readonly rule?: string | undefined;
  /** The figure that the rule has. */
  readonly limit?: number | undefined;
  readonly example?: unknown;
}

interface ErrorFacts {
  /** 0: no answer came. */
  readonly status: number;
  readonly code: string;
  readonly fields?: readonly FieldProblem[];
  readonly requestId?: string | undefined;
  /** After which the same request may succeed. */
  readonly retryAfterMs?: number | undefined;
  readonly body?: unknown;
  readonly cause?: unknown;
}

/**
 * What the API refused (RFC 9457), or that no answer came (`code` is `no-answer`, `status` 0). Branch on `code`;
 * `message` is for people who read logs.
 */
export class PregoneroApiError extends Error {
  override readonly name = "PregoneroApiError";
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  /** For whoever operates the installation: under this id it is in the log. */
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The answer as it came, when it was JSON: a refused import, for one, is its report. */
  readonly body: unknown;

  constructor(message: string, facts: ErrorFacts) {
    super(message, { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.fields = facts.fields ?? [];
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.body = facts.body;
  }
}

/** The error of an answer that is not 2xx. A proxy's page instead of a problem has the code `http-STATUS`. */
export async function toApiError(response: Response): Promise<PregoneroApiError> {
  const body = await readJson(response);
  const problem: Readonly<Record<string, unknown>> =
    typeof body === "object" && body !== null ? { ...body } : {};
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new PregoneroApiError(text(problem.detail) ?? `The answer is ${response.status}.`, {
    status: response.status,
    code: text(problem.code) ?? `http-${response.status}`,
    fields: Array.isArray(problem.fields) ? problem.fields : [],
    requestId: text(problem.requestId) ?? response.headers.get("x-request-id") ?? undefined,
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    body,
  });
}

/** The error of a request without an answer. Aborting is the caller's wish, and is passed on as it came. */
export function toNoAnswer(cause: unknown, url: string): PregoneroApiError {
  return new PregoneroApiError(`No answer of ${url}.`, { status: 0, code: "no-answer", cause });
}

async function readJson(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (!/^application\/(problem\+)?json\b/.test(type)) return undefined;
  return response.json().catch(() => undefined);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
