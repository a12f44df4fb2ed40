import { STATUS_CODES } from "node:http";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { FieldProblem, Problem } from "./contract.ts";
import { mapHttpError } from "./map-error.ts";

/** A refusal for wrong input; `fields` says where. Ends as problem+json with status 400. */
export class InvalidInput extends PregoneroError {
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super("invalid-input", `The request is not valid: ${describe(fields)}.`, { status: 400 });
    this.fields = fields;
  }
}

/** Unknown addresses, in the same words whether they never existed or may not be seen. */
export function notFound(what = "There is nothing at this address."): PregoneroError {
  return new PregoneroError("not-found", what, { status: 404 });
}

/** The body of RFC 9457 for an error. What a 5xx says of its cause is for the log, not for the caller. */
export function toProblem(
  error: unknown,
  requestId: string,
): { problem: Problem; error: PregoneroError } {
  const known = mapHttpError(error);
  const status = known.status ?? 500;
  return {
    error: known,
    problem: {
      type: `urn:pregonero:problem:${status >= 500 && known.status === undefined ? "internal" : known.code}`,
      title: STATUS_CODES[status] ?? "Error",
      status,
      detail:
        status >= 500
          ? (UNAVAILABLE[known.code] ?? "Something failed on our side.")
          : known.message,
      code: known.status === undefined ? "internal" : known.code,
      requestId,
      ...(known instanceof InvalidInput ? { fields: [...known.fields] } : {}),
    },
  };
}

const UNAVAILABLE: Readonly<Record<string, string>> = {
  "store-unavailable": "The database does not answer. Nothing was changed; try again shortly.",
  "store-contention": "The database is busy. Nothing was changed; try again shortly.",
  "answer-timeout": "No answer was ready in time. Try again, or ask something narrower.",
  "too-busy": "Too many requests are being answered at this moment. Try again shortly.",
  draining: "This process is stopping. Try again shortly.",
};

/** Seconds for Retry-After, when the same request may succeed later. */
export function retryAfterSeconds(error: PregoneroError): number | undefined {
  if (error.retry === "never") return undefined;
  return error.retry === "backoff" ? 2 : Math.max(1, Math.ceil(error.retry.afterMs / 1000));
}

export const unknownRoute: RequestHandler = () => {
  throw notFound();
};

/** The last handler: every error of every route ends here. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response: Response, next) => {
    const requestId = String(response.locals.requestId ?? "");
    const { problem, error } = toProblem(thrown, requestId);
    if (problem.status >= 500) {
      logger.error("http-request-failed", { requestId, code: error.code, error: thrown });
    }
    if (response.headersSent) {
      // Half a response can't be taken back: the connection ends, and Express does it.
      next(thrown);
      return;
    }
    const wait = retryAfterSeconds(error);
    if (wait !== undefined) response.setHeader("Retry-After", String(wait));
    if (isPregoneroError(error, "method-not-allowed"))
      response.setHeader("Allow", allowedOf(error));
    response.status(problem.status);
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Content-Type", "application/problem+json; charset=utf-8");
    response.end(request.method === "HEAD" ? undefined : JSON.stringify(problem));
  };
}

/** For routes that exist with another method. */
export function allowOnly(...methods: readonly string[]): RequestHandler {
  return () => {
    throw new PregoneroError("method-not-allowed", `Only ${methods.join(", ")} is possible here.`, {
      status: 405,
      cause: methods,
    });
  };
}

function allowedOf(error: PregoneroError): string {
  return Array.isArray(error.cause) ? error.cause.join(", ") : "";
}

function describe(fields: readonly FieldProblem[]): string {
  return fields
    .map(({ field, problem, example }) => {
      const shown = example === undefined ? "" : ` (for example ${JSON.stringify(example)})`;
      return `${field}: ${problem}${shown}`;
    })
    .join("; ");
}
