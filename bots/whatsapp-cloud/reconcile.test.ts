import { describe, expect, it } from "vitest";
import { asId } from "../../src/core/ids.ts";
import { clockAt } from "./__fixtures__/moved-clock.ts";
import { createReconciler } from "./reconcile.ts";

const START = Date.parse("2026-11-21T10:00:00Z");

describe("a part of which nothing is known", () => {
  const since = (ms: number, attempts = 1) => ({
    signal: new AbortController().signal,
    outboxId: asId<never>("o"),
    unknownSince: new Date(START + ms),
    attempts,
  });

  it("waits a minute for a status, then goes once more", () => {
    const clock = clockAt(START);
    const reconcile = createReconciler(clock);
    clock.advance(120_000);
    expect(reconcile(since(60_001))).toMatchObject({ kind: "unknown" });
    expect(reconcile(since(60_000))).toMatchObject({ kind: "refused", retry: "backoff" });
    expect(reconcile(since(0, 2))).toMatchObject({ kind: "unknown" });
  });

  it("waits the minute anew in a process that has just begun to listen", () => {
    const clock = clockAt(START);
    const reconcile = createReconciler(clock);
    expect(reconcile(since(-3_600_000))).toMatchObject({ kind: "unknown" });
    clock.advance(60_000);
    expect(reconcile(since(-3_600_000))).toMatchObject({ kind: "refused" });
  });

  it("stays unknown when nobody says since when", () => {
    const clock = clockAt(START);
    const reconcile = createReconciler(clock);
    clock.advance(3_600_000);
    const { unknownSince: _, ...rest } = since(0);
    expect(reconcile(rest)).toMatchObject({ kind: "unknown" });
  });
});
