import type { Metrics } from "../../src/core/metrics.ts";
import type { Drift } from "./detection/page-reader.ts";

/** So that a redesign of the page is seen before it breaks anything. All labels come from closed sets. */
export function countDrifts(metrics: Metrics): (drift: Drift) => void {
  return ({ reason, field, strategy = "several" }) => {
    metrics.count("session_reading_drifts_total", { reason, field, strategy });
  };
}
