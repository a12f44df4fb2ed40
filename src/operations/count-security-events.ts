import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type {
  SecurityEvent,
  SecurityEventCount,
  SecurityEventLog,
  SecurityEvents,
} from "../core/security-events.ts";

/** What is seen is shown within this time. */
const WRITE_EVERY_MS = 2_000;
/** Rows of one minute in one process; what comes from further sources is counted together, by kind. */
const MAX_ROWS_PER_MINUTE = 500;
/** Longer than any id or route; what callers choose is cut there. */
const MAX_LENGTH = 200;
export const MANY_SOURCES = "many sources";

type Counted = Omit<SecurityEventCount, "id">;

/**
 * Counts security events in memory, and writes what has come together every two seconds. What cannot be written is
 * kept for the next time; while much is kept, further sources are counted together.
 */
export function countSecurityEvents(ports: {
  readonly log: Pick<SecurityEventLog, "add">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): SecurityEvents & { close(): Promise<void> } {
  const { log, clock, logger, metrics } = ports;
  let waiting = new Map<string, Counted>();
  /** Keys seen in the present minute, written or not: the bound is on rows. */
  let seen = new Set<string>();
  let minute = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function add(event: Counted): void {
    const at = Math.floor(event.firstAt.getTime() / 60_000);
    if (at > minute) {
      minute = at;
      seen = new Set();
    }
    const own = keyOf(event, at);
    const isNew = !seen.has(own) && !waiting.has(own);
    const counted =
      isNew && Math.max(seen.size, waiting.size) >= MAX_ROWS_PER_MINUTE
        ? { ...event, tenantId: undefined, source: MANY_SOURCES, subject: MANY_SOURCES }
        : event;
    const key = keyOf(counted, at);
    seen.add(key);
    const known = waiting.get(key);
    waiting.set(
      key,
      known === undefined
        ? counted
        : { ...known, count: known.count + counted.count, lastAt: counted.lastAt },
    );
  }

  async function write(): Promise<void> {
    const batch = [...waiting.values()];
    waiting = new Map();
    try {
      await log.add(batch);
    } catch (error) {
      logger.warn("security-events-not-written", { rows: batch.length, error });
      for (const event of batch) add(event);
      writeSoon();
    }
  }

  function writeSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = writing.then(write);
    }, WRITE_EVERY_MS).unref();
  }

  return {
    note(event) {
      const now = clock.now();
      metrics.count("security_events_total", { kind: event.kind });
      add({ ...cut(event), count: 1, firstAt: now, lastAt: now });
      writeSoon();
    },
    async close() {
      clearTimeout(timer);
      await writing;
      if (waiting.size > 0) await write();
      clearTimeout(timer);
    },
  };
}

function cut({ kind, tenantId, source, subject }: SecurityEvent): SecurityEvent {
  return {
    kind,
    tenantId,
    source: source.slice(0, MAX_LENGTH),
    subject: subject.slice(0, MAX_LENGTH),
  };
}

function keyOf({ kind, tenantId, source, subject }: SecurityEvent, minute: number): string {
  return JSON.stringify([minute, kind, tenantId, source, subject]);
}
