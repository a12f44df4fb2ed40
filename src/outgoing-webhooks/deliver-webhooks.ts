import type { EventLog } from "../core/events.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { DueDelivery, WebhookQueue } from "../core/outgoing-webhooks.ts";
import { type PostPorts, postDelivery } from "./post-delivery.ts";

/** Calls under way in one process. */
const CONCURRENCY = 64;
/** Of them to one endpoint: one that is slow holds up itself alone. */
const PER_ENDPOINT = 4;
/** Longer than a call may take: its process is gone. */
const LEASE_MS = 60_000;
/** An endpoint that only failed for so long is disabled. */
const FAILING_MS = 5 * 86_400_000;

export interface WebhookDeliverer {
  /** Fans events out, and begins what is due; true when it left work behind. Does not wait for the calls. */
  look(): Promise<boolean>;
  /** Resolves when the calls under way are recorded; those that take longer than `graceMs` are given up. */
  close(graceMs?: number): Promise<void>;
}

/** Posts deliveries until closed. What is cut off is delivered again when its lease has run out. */
export function createWebhookDeliverer(
  ports: PostPorts & {
    readonly queue: WebhookQueue;
    readonly log: Pick<EventLog, "readAfter">;
    readonly logger: Logger;
    readonly metrics: Metrics;
  },
): WebhookDeliverer {
  const { queue, log, logger, metrics } = ports;
  const stop = new AbortController();
  const underWay = new Map<Promise<void>, string>();

  async function deliver(due: DueDelivery): Promise<void> {
    try {
      const result = await postDelivery(ports, due, stop.signal);
      metrics.observe("webhook_delivery_seconds", result.durationMs / 1000);
      metrics.count("webhook_deliveries_total", { outcome: result.verdict.kind });
      await queue.settle(result, FAILING_MS);
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("webhook-not-settled", { error });
    }
  }

  function busyEndpoints(): readonly string[] {
    const counts = new Map<string, number>();
    for (const id of underWay.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
    return [...counts].flatMap(([id, count]) => (count >= PER_ENDPOINT ? [id] : []));
  }

  return {
    async look() {
      // Gives what was appended its position; the reading itself is of nothing.
      await log.readAfter(Number.MAX_SAFE_INTEGER, 1);
      await queue.fanOut();
      const room = CONCURRENCY - underWay.size;
      if (room === 0 || stop.signal.aborted) return false;
      const due = await queue.claim({
        limit: room,
        perEndpoint: PER_ENDPOINT,
        leaseMs: LEASE_MS,
        except: busyEndpoints(),
      });
      for (const each of due) {
        const call: Promise<void> = deliver(each).finally(() => underWay.delete(call));
        underWay.set(call, each.endpointId);
      }
      return due.length > 0;
    },
    async close(graceMs = 5_000) {
      const timer = setTimeout(() => stop.abort(), graceMs);
      await Promise.all(underWay.keys());
      clearTimeout(timer);
      stop.abort();
    },
  };
}
