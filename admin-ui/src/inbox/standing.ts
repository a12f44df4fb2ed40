import type { MessagePart } from "../api/types.ts";

/** The worst first: of several parts, the one that needs a person counts. */
const ORDER = ["failed", "unknown", "queued", "attempting", "sent", "delivered", "read"] as const;
export type Tick = (typeof ORDER)[number];

/** How what was said in several parts stands as a whole. */
export function standingOf(
  parts: readonly Pick<MessagePart, "state" | "delivery">[],
): Tick | undefined {
  const standings = parts.map(({ state, delivery }) =>
    state === "sent" && delivery !== null ? delivery : state,
  );
  return ORDER.find((standing) => standings.includes(standing));
}
