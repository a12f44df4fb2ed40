import { expect, it } from "vitest";
import { noMetrics } from "../../src/core/metrics.ts";
import { countDrifts } from "./count-drifts.ts";

it("counts a drift by its reason, field and strategy, and not by the pack that an operator named", () => {
  const counted: unknown[] = [];
  const count = countDrifts({ ...noMetrics, count: (...each) => void counted.push(each) });
  count({ reason: "suspended", field: "tick", strategy: "aria", pack: "d/mine" });
  count({ reason: "contradiction", field: "direction", pack: "d/mine" });
  const name = "session_reading_drifts_total";
  expect(counted).toEqual([
    [name, { reason: "suspended", field: "tick", strategy: "aria" }],
    [name, { reason: "contradiction", field: "direction", strategy: "several" }],
  ]);
});
