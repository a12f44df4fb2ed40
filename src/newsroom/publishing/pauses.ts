import type { PostOutcome, PublicationVerdict } from "../../core/publishing-work.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Pauses after each refusal in a row, when the network named no time of its own. About a day in all. */
export const RETRY_PAUSES_MS: readonly number[] = [
  15_000,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
];
/** Pauses before a post in doubt is looked for once more; then a person is asked. About two hours in all. */
export const LOOK_PAUSES_MS: readonly number[] = [
  30_000,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
];
const MAX_PAUSE_MS = 24 * HOUR;

/** What was certainly refused waits, fails, or needs a person. */
export function verdictAfterRefusal(
  refusal: Extract<PostOutcome, { kind: "refused" }>,
  failures: number,
): PublicationVerdict {
  const { reason, retry, needsAttention, holdsTarget = false } = refusal;
  if (needsAttention !== undefined) {
    return { kind: "needs-attention", reason, sentence: needsAttention };
  }
  if (retry === "never") return { kind: "failed", reason };
  if (retry === "backoff") {
    const afterMs = RETRY_PAUSES_MS[failures];
    if (afterMs === undefined) return { kind: "failed", reason };
    return { kind: "wait", afterMs, reason, isFailure: true, holdsTarget };
  }
  // The network said when: that is no failure, and is waited for as long as it says.
  const afterMs = Math.min(Math.max(retry.afterMs, 1_000), MAX_PAUSE_MS);
  return { kind: "wait", afterMs, reason, isFailure: false, holdsTarget };
}

/** Nobody could say whether a post is there. */
export function verdictAfterDoubt(lookUps: number, reason: string): PublicationVerdict {
  const afterMs = LOOK_PAUSES_MS[lookUps];
  if (afterMs === undefined) return { kind: "unknown", reason };
  return { kind: "wait", afterMs, reason, isFailure: false, holdsTarget: false };
}

/**
 * A post may be there, and can be looked for after `settlingMs`; ever later, the oftener that it came to nothing.
 * `attempts` from 1, this one included.
 */
export function verdictAfterUnknown(
  attempts: number,
  reason: string,
  settlingMs: number,
): PublicationVerdict {
  const pause = RETRY_PAUSES_MS[attempts - 1];
  if (pause === undefined) return { kind: "unknown", reason };
  const afterMs = attempts === 1 ? settlingMs : Math.max(settlingMs, pause);
  return { kind: "wait", afterMs, reason, isFailure: false, holdsTarget: false };
}
