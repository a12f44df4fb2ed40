import { PregoneroError } from "../core/errors.ts";

/**
 * What a route or Express threw, in our words. Express and its parsers mark a caller's fault with a 4xx
 * `status` (a malformed percent-encoding, a range that cannot be met); everything else is ours.
 */
export function mapHttpError(error: unknown): PregoneroError {
  if (error instanceof PregoneroError) return error;
  const status = error instanceof Error ? (error as { status?: unknown }).status : undefined;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new PregoneroError("bad-request", "The request is malformed.", { status, cause: error });
  }
  return new PregoneroError("internal", "An unexpected error.", { cause: error });
}
