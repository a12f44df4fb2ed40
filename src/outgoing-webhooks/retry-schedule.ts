const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after each failed attempt; published in docs/webhooks.md. Ten attempts in about three days. */
export const RETRY_PAUSES_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** Of each pause, so that what failed together does not come back together. */
const JITTER = 0.1;
const MAX_PAUSE_MS = 24 * HOUR;

/**
 * How long to wait after attempt number `attempt` (from 1); undefined: it was the last one. The receiver's
 * Retry-After prolongs the pause, to a day at most. `chance` is from [0, 1).
 */
export function pauseAfter(
  attempt: number,
  retryAfterMs: number | undefined,
  chance: number,
): number | undefined {
  const pause = RETRY_PAUSES_MS[attempt - 1];
  if (pause === undefined) return undefined;
  const spread = pause * (1 - JITTER + 2 * JITTER * chance);
  return Math.round(Math.min(Math.max(spread, retryAfterMs ?? 0), MAX_PAUSE_MS));
}
