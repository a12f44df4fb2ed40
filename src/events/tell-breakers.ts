import type { EventDetails, EventLog } from "../core/events.ts";
import type { Logger } from "../core/logger.ts";

/**
 * Tells who follows what this process learns of models, each change once. No transaction makes such a change, so a log
 * that is away misses it: the breaker works on, and the next change is told again.
 */
export function createBreakerTeller({
  log,
  logger,
}: {
  readonly log: Pick<EventLog, "append">;
  readonly logger: Logger;
}): (model: string, state: EventDetails["breaker-changed"]["state"]) => void {
  const told = new Map<string, string>();
  return (model, state) => {
    if (told.get(model) === state) return;
    told.set(model, state);
    log
      .append(undefined, [{ kind: "breaker-changed", detail: { model, state } }])
      .catch((error: unknown) => logger.warn("breaker-not-told", { error }));
  };
}
