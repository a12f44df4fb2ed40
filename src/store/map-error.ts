import { isPregoneroError, PregoneroError } from "../core/errors.ts";

/** Connection exceptions, operator intervention, insufficient resources: the store is away (PostgreSQL appendix A). */
const AWAY_CLASSES = ["08", "53", "57"];
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);
/** serialization_failure, deadlock_detected, lock_not_available: the same transaction may succeed. */
const CONTENTION_CODES = new Set(["40001", "40P01", "55P03"]);

/** Turns what `pg` throws into errors that callers can branch on; what is already translated passes. */
export function mapDatabaseError(error: unknown): unknown {
  if (isPregoneroError(error) || !(error instanceof Error)) return error;
  const code = (error as { code?: unknown }).code;
  const text = typeof code === "string" ? code : "";
  const isAway =
    AWAY_CODES.has(text) ||
    (text.length === 5 && AWAY_CLASSES.includes(text.slice(0, 2))) ||
    /Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|Client has encountered a connection error/.test(
      error.message,
    );
  if (isAway) {
    return new PregoneroError(
      "store-unavailable",
      `The database does not answer (${text || error.message}). Nothing was changed; the same request may be made again.`,
      { retry: "backoff", status: 503, cause: error },
    );
  }
  if (CONTENTION_CODES.has(text)) {
    return new PregoneroError(
      "store-contention",
      `The database asked to repeat the transaction (${text}).`,
      {
        retry: "backoff",
        status: 503,
        cause: error,
      },
    );
  }
  return error;
}
