import { describe, expect, it } from "vitest";
import { accountWith } from "./__fixtures__/bot-account.ts";
import { clockAt } from "./__fixtures__/moved-clock.ts";
import { createThroughputGuard, throughputOf } from "./throughput.ts";

const START = Date.parse("2026-11-21T10:00:00Z");

describe("a number's throughput", () => {
  const sentInOneSecond = (throughput: string) => {
    const guard = createThroughputGuard(clockAt(START));
    const outcomes = Array.from({ length: 2_000 }, () => guard.take(accountWith({ throughput })));
    return outcomes.filter((outcome) => outcome === undefined).length;
  };

  it("is kept below what Meta grants: 20, 80 or 1,000 a second in and out", () => {
    expect(["coexistence", "standard", "high", "odd"].map(sentInOneSecond)).toEqual([
      15, 60, 750, 60,
    ]);
  });

  it("is free again in the next second, and the whole bot waits until then", () => {
    const clock = clockAt(START + 400);
    const guard = createThroughputGuard(clock);
    const bot = accountWith({ throughput: "coexistence" });
    let last = guard.take(bot);
    for (let count = 0; count < 15; count++) last = guard.take(bot);
    expect(last).toMatchObject({ kind: "refused", scope: "bot", retry: { afterMs: 600 } });
    clock.advance(600);
    expect(guard.take(bot)).toBeUndefined();
  });

  it("is read from what Graph says of the number", () => {
    expect(throughputOf({ level: "HIGH", isOnBusinessApp: false })).toBe("high");
    expect(throughputOf({ level: "HIGH", isOnBusinessApp: true })).toBe("coexistence");
    expect(throughputOf({ level: undefined, isOnBusinessApp: false })).toBe("standard");
  });
});
