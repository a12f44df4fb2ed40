import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { PregoneroError } from "../core/errors.ts";
import type { Metrics } from "../core/metrics.ts";
import { METRICS } from "./metric-catalogue.ts";

const PREFIX = "pregonero_";

/** What waits in the ledgers, read from the store when somebody asks for the metrics. */
export interface Backlog {
  readonly pendingMessages: number;
  /** Seconds; 0 when nothing waits. */
  readonly oldestPendingSeconds: number;
  readonly deadMessages: number;
  readonly queuedParts: number;
  readonly unknownParts: number;
}

export interface MetricsExporter {
  readonly metrics: Metrics;
  readonly contentType: string;
  /** The Prometheus text format, with event-loop lag, memory and garbage collection of this process. */
  scrape(): Promise<string>;
}

/** Names outside the catalogue throw `metric-unknown`: a misspelt metric is a metric that nobody sees. */
export function createMetrics(
  options: {
    /** Absent or failing: the gauges of the ledgers keep their last values. */
    readonly readBacklog?: () => Promise<Backlog>;
  } = {},
): MetricsExporter {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  const gauges = new Map<string, Gauge>();
  for (const [name, { kind, help, labels, buckets }] of Object.entries(METRICS)) {
    const settings = { name: PREFIX + name, help, labelNames: [...labels], registers: [registry] };
    if (kind === "counter") counters.set(name, new Counter(settings));
    else if (kind === "gauge") gauges.set(name, new Gauge(settings));
    else histograms.set(name, new Histogram({ ...settings, buckets: [...(buckets ?? [])] }));
  }
  const metrics: Metrics = {
    count: (name, labels = {}, by = 1) => known(counters, name).inc({ ...labels }, by),
    observe: (name, value, labels = {}) => known(histograms, name).observe({ ...labels }, value),
    gauge: (name, value, labels = {}) => known(gauges, name).set({ ...labels }, value),
  };
  return {
    metrics,
    contentType: registry.contentType,
    async scrape() {
      const backlog = await options.readBacklog?.().catch(() => undefined);
      if (backlog !== undefined) showBacklog(metrics, backlog);
      return registry.metrics();
    },
  };
}

function known<Kind>(metrics: ReadonlyMap<string, Kind>, name: string): Kind {
  const metric = metrics.get(name);
  if (metric !== undefined) return metric;
  throw new PregoneroError(
    "metric-unknown",
    `There is no such metric as "${name}": add it to the catalogue in src/telemetry.`,
  );
}

function showBacklog(metrics: Metrics, backlog: Backlog): void {
  metrics.gauge("inbox_pending", backlog.pendingMessages);
  metrics.gauge("inbox_oldest_seconds", backlog.oldestPendingSeconds);
  metrics.gauge("inbox_dead", backlog.deadMessages);
  metrics.gauge("outbox_queued", backlog.queuedParts);
  metrics.gauge("outbox_unknown", backlog.unknownParts);
}
