import type { Clock } from "./core/clock.ts";
import type { Logger } from "./core/logger.ts";
import type { LiveEvents } from "./core/wake-up.ts";
import { createEventHub } from "./events/event-hub.ts";
import type { Database } from "./store/database.ts";
import { createEventLog } from "./store/events/event-log.ts";
import { createStreamStanding } from "./store/events/stream-standing.ts";

/** What an installation tells of itself: events, to pages and to tenants' own programs. */
export function createNotices(ports: {
  readonly database: Database;
  readonly liveEvents: LiveEvents;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { database } = ports;
  const log = createEventLog(database);
  return { log, hub: createEventHub({ ...ports, log }), standing: createStreamStanding(database) };
}
export type Notices = ReturnType<typeof createNotices>;
