import type { MetricName } from "../core/metrics.ts";

/**
 * Every metric there is, without the prefix `pregonero_`. Labels are closed sets, never tenants or people,
 * so that the number of series stays bounded. docs/metrics.md is tested against this table.
 */
interface Metric {
  readonly kind: "counter" | "histogram" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in the metric's unit; histograms only. */
  readonly buckets?: readonly number[];
}

/** From a fast acknowledgement (2 ms) to the point where a network gives up on us. */
const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From an extractive answer (5 ms) to the deadline of a whole turn (45 s). */
const TURN_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];

export const METRICS: Readonly<Record<MetricName, Metric>> = {
  http_request_seconds: {
    kind: "histogram",
    help: "Time from a request's arrival to the end of its answer; webhooks are apart.",
    labels: ["route", "status"],
    buckets: REQUEST_SECONDS,
  },
  webhook_seconds: {
    kind: "histogram",
    help: "Time from a webhook's arrival to its acknowledgement.",
    labels: ["channel", "status"],
    buckets: REQUEST_SECONDS,
  },
  inbox_messages_total: {
    kind: "counter",
    help: "Messages committed to the inbox, and duplicates recognised there.",
    labels: ["channel", "outcome"],
  },
  turns_total: {
    kind: "counter",
    help: "Turns by how they ended: answered, edited (taken again), lease-lost, retried, dead-lettered.",
    labels: ["outcome"],
  },
  turn_seconds: {
    kind: "histogram",
    help: "Time that the conversation took to come to its replies.",
    labels: ["channel"],
    buckets: TURN_SECONDS,
  },
  outbox_parts_total: {
    kind: "counter",
    help: "Parts of replies by what is known after their attempt: sent, refused, retried, unknown.",
    labels: ["outcome"],
  },
  send_seconds: {
    kind: "histogram",
    help: "Time of one call that sends a part.",
    labels: ["channel"],
    buckets: REQUEST_SECONDS,
  },
  inbox_pending: { kind: "gauge", help: "Messages that wait for their answer.", labels: [] },
  inbox_oldest_seconds: {
    kind: "gauge",
    help: "Age of the oldest message that waits for its answer; 0 when none does.",
    labels: [],
  },
  inbox_dead: { kind: "gauge", help: "Messages given up after repeated failures.", labels: [] },
  outbox_queued: { kind: "gauge", help: "Parts that wait to be sent.", labels: [] },
  outbox_unknown: { kind: "gauge", help: "Parts that may or may not have arrived.", labels: [] },
};
