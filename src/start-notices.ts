import { EVENTS_KEPT_DAYS } from "./core/events.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";

const PRUNE_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** The scheduler's part: what is kept long enough goes. */
export function startNotices({ notices, clock, logger }: Installation): {
  close(): Promise<void>;
} {
  return every(PRUNE_EVERY_MS, async () => {
    const before = new Date(clock.now().getTime() - EVENTS_KEPT_DAYS * DAY_MS);
    try {
      await notices.log.prune(before);
    } catch (error) {
      logger.warn("events-not-pruned", { error });
    }
  });
}
