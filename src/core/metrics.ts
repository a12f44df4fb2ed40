/**
 * Counters and histograms by name. Label values come from closed sets (channel, outcome, code),
 * never from tenants or people, so that the number of series is bounded.
 */
export interface Metrics {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** `value` in the unit that the name ends with (`_seconds`, `_bytes`). */
  observe(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void;
}

export const noMetrics: Metrics = { count() {}, observe() {}, gauge() {} };
