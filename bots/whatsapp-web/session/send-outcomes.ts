import { isPregoneroError } from "../../../src/core/errors.ts";
import type { MessageRow } from "../detection/page-reader.ts";
import type { EngineOutcome } from "./engine.ts";

/** Own messages whose ids are remembered, so that the same words later are told apart. */
const MOST_OWN_IDS = 1_000;

/** What a row of ours says of its sending. Undefined while the clock is shown, or a tick that we do not know. */
export function outcomeOfRow(row: MessageRow): EngineOutcome | undefined {
  switch (row.tick) {
    case "sent":
    case "delivered":
    case "read":
      return { kind: "sent", canonicalId: row.canonicalId };
    case "failed":
      return { kind: "not-sent", reason: "message-failed" };
    default:
      return undefined;
  }
}

/** `hasBegun`: the chat was open and something may have been written there, so that nothing is certain. */
export function outcomeOfFailure(
  error: unknown,
  { hasBegun, signal }: { readonly hasBegun: boolean; readonly signal: AbortSignal },
): EngineOutcome {
  const code = pageErrorCode(error);
  if (hasBegun) return { kind: "unknown", reason: code };
  if (signal.aborted) return { kind: "not-sent", reason: "aborted" };
  return { kind: "not-sent", reason: code === "page-unreadable" ? code : "page-gone" };
}

export function pageErrorCode(error: unknown): string {
  return isPregoneroError(error) ? error.code : "page-failed";
}

/** The last thousand messages that were certainly ours. */
export function createOwnSends() {
  const ids = new Set<string>();
  return {
    has: (canonicalId: string) => ids.has(canonicalId),
    note(outcome: EngineOutcome): EngineOutcome {
      if (outcome.kind !== "sent") return outcome;
      ids.add(outcome.canonicalId);
      const [oldest] = ids;
      if (ids.size > MOST_OWN_IDS && oldest !== undefined) ids.delete(oldest);
      return outcome;
    },
  };
}
