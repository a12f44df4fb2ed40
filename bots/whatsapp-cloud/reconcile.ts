import type { SendOptions, SendOutcome } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";

/** Statuses come within seconds of a message's acceptance; what has none by then was not accepted, as far as can be known. */
const WAIT_FOR_STATUS_MS = 60_000;

/**
 * The Cloud API cannot be asked for a message. Each of its statuses, though, echoes our own id, and settles the part
 * (`Receipts.note`) before this is asked. A part that nothing was told of for a minute, and for a minute since this
 * process runs and could be told, is sent again: once, since a second silence says that it is the webhook that is lost.
 */
export function createReconciler(clock: Clock) {
  const startedAtMs = clock.now().getTime();
  return ({ attempts = 1, unknownSince }: SendOptions): SendOutcome => {
    if (attempts > 1) return { kind: "unknown", reason: "no-status-twice" };
    const sinceMs = Math.max(startedAtMs, unknownSince?.getTime() ?? Number.POSITIVE_INFINITY);
    return clock.now().getTime() - sinceMs < WAIT_FOR_STATUS_MS
      ? { kind: "unknown", reason: "waiting-for-status" }
      : { kind: "refused", reason: "no-status", retry: "backoff" };
  };
}
