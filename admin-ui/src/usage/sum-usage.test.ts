import { describe, expect, it } from "vitest";
import { lastUtcDays, sumUsage, type UsageRow } from "./sum-usage.ts";
import { toMicroUsd } from "./to-micro-usd.ts";

const row = (model: string, costMicroUsd: number): UsageRow => ({
  day: "2026-11-21",
  botId: null,
  model,
  calls: 2,
  inputTokens: 100,
  outputTokens: 10,
  costMicroUsd,
  unpricedCalls: 1,
});

describe("usage", () => {
  it("is summed by what is asked for, the dearest first", () => {
    const sums = sumUsage([row("a", 5), row("b", 7), row("a", 4)], ({ model }) => model);
    expect(sums).toEqual([
      { key: "a", calls: 4, tokens: 220, costMicroUsd: 9, unpricedCalls: 2 },
      { key: "b", calls: 2, tokens: 110, costMicroUsd: 7, unpricedCalls: 1 },
    ]);
  });

  it("counts days by UTC up to today", () => {
    const now = Date.parse("2026-03-01T23:30:00Z");
    expect(lastUtcDays(3, now)).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  });

  it("takes dollars as they are typed, in millionths", () => {
    expect(["$12.50", "-3", " $0.000001 ", "", "diez"].map(toMicroUsd)).toEqual([
      12_500_000,
      -3_000_000,
      1,
      undefined,
      undefined,
    ]);
  });
});
