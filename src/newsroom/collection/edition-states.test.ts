import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId, type SourceId } from "../../core/ids.ts";
import { EDITION_STATES, type EditionState, type Expectation } from "../../core/newsroom.ts";
import { type Found, NEXT_STATES, settle, stateByTime } from "./edition-states.ts";

const HOUR_MS = 3_600_000;
const DUE = new Date("2026-11-20T12:00:00Z");
const hoursLater = (hours: number) => new Date(DUE.getTime() + hours * HOUR_MS);
const reason = { code: "x", detail: "y" };
const settings = { lookEveryMinutes: 30, recheckDays: 2, locator: { kind: "upload" } } as const;
/** Comes on some days only. */
const irregular = {
  ...settings,
  locator: { kind: "numbered", url: "", firstNumber: 1, maxMisses: 5 } as const,
};

function expectation(fields: Partial<Expectation> = {}): Expectation {
  return {
    id: "1",
    sourceId: asId<SourceId>("s"),
    publishedOn: "2026-11-20",
    state: "collecting",
    reason: undefined,
    attempts: 1,
    failures: 0,
    expectedAt: DUE,
    lateAt: hoursLater(2),
    closesAt: hoursLater(10),
    nextAttemptAt: undefined,
    rechecksLeft: 0,
    alertedAt: undefined,
    changedAt: DUE,
    ...fields,
  };
}

const founds: readonly Found[] = [
  { kind: "found", isCorrection: false },
  { kind: "found", isCorrection: true },
  { kind: "unchanged" },
  { kind: "absent", reason },
  { kind: "failed", reason },
  { kind: "failed", reason, retryAfterMs: 7_200_000 },
  { kind: "held", reason },
  { kind: "layout-changed", reason },
  { kind: "interrupted" },
];
const anyAttempt = fc.record({
  before: fc.constantFrom(...EDITION_STATES.filter((state) => state !== "collecting")),
  found: fc.constantFrom(...founds),
  now: fc.integer({ min: 0, max: 48 * 60 }).map((minutes) => hoursLater(minutes / 60)),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  failures: fc.nat(20),
  rechecksLeft: fc.nat(3),
});

describe("settle", () => {
  it("moves an edition only where its states lead, and never loses one that is there", () => {
    fc.assert(
      fc.property(anyAttempt, ({ before, found, now, chance, failures, rechecksLeft }) => {
        const begun = { expectation: expectation({ failures, rechecksLeft }), before };
        const settled = settle(begun, found, settings, { now, chance });
        expect(NEXT_STATES.collecting).toContain(settled.state);
        if (before === "collected" || before === "corrected") {
          expect(["collected", "corrected"]).toContain(settled.state);
        }
        if (settled.state === "missing" || settled.state === "needs-attention") {
          expect(settled.nextAttemptAt).toBeUndefined();
        }
        const { nextAttemptAt } = settled;
        if (nextAttemptAt !== undefined && found.kind !== "interrupted") {
          expect(nextAttemptAt > now).toBe(true);
        }
        // What is not there is asked for again as long as somebody may still find it.
        if (settled.state === "late" || settled.state === "expected") {
          expect(nextAttemptAt).toBeDefined();
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("ends: whatever comes of each look, an edition is settled in the end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...founds.filter(({ kind }) => kind !== "interrupted")), {
          minLength: 400,
          maxLength: 400,
        }),
        (looks) => {
          let now = DUE;
          let current = expectation();
          let before: EditionState = "expected";
          for (const found of looks) {
            const settled = settle({ expectation: current, before }, found, settings, {
              now,
              chance: 0,
            });
            if (settled.nextAttemptAt === undefined) return;
            const { failures, rechecksLeft } = settled;
            current = { ...current, failures, rechecksLeft };
            before = settled.state;
            now = settled.nextAttemptAt;
          }
          expect.unreachable("it goes on for ever");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("waits longer after each failure, at least as long as the site asks, at most an hour of its own", () => {
    const pauses = [0, 1, 2, 3, 4, 5, 6].map((failures) => {
      const begun = { expectation: expectation({ failures }), before: "failed" as const };
      const { nextAttemptAt } = settle(begun, { kind: "failed", reason }, settings, {
        now: DUE,
        chance: 0,
      });
      return ((nextAttemptAt?.getTime() ?? 0) - DUE.getTime()) / 60_000;
    });
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60]);
    const asked = settle(
      { expectation: expectation(), before: "expected" },
      { kind: "failed", reason, retryAfterMs: 2 * HOUR_MS },
      settings,
      { now: DUE, chance: 0 },
    );
    expect(asked.nextAttemptAt).toEqual(hoursLater(2));
  });

  it("looks for corrections once a day for as many days as the source says, then no more", () => {
    const first = settle(
      { expectation: expectation(), before: "late" },
      { kind: "found", isCorrection: false },
      settings,
      { now: DUE, chance: 0 },
    );
    expect(first).toMatchObject({
      state: "collected",
      rechecksLeft: 2,
      nextAttemptAt: hoursLater(24),
    });
    const second = settle(
      { expectation: expectation({ rechecksLeft: 2 }), before: "collected" },
      { kind: "found", isCorrection: true },
      settings,
      { now: hoursLater(24), chance: 0 },
    );
    expect(second).toMatchObject({
      state: "corrected",
      rechecksLeft: 1,
      nextAttemptAt: hoursLater(48),
    });
    const third = settle(
      { expectation: expectation({ rechecksLeft: 1 }), before: "corrected" },
      { kind: "absent", reason },
      settings,
      { now: hoursLater(48), chance: 0 },
    );
    expect(third).toMatchObject({ state: "corrected", nextAttemptAt: undefined });
  });
});

describe("a gazette that comes on some days", () => {
  it("is looked for until its day is over, and then there was none: nobody is told", () => {
    const begun = { expectation: expectation(), before: "expected" as const };
    const at = (hours: number) =>
      settle(begun, { kind: "absent", reason }, irregular, { now: hoursLater(hours), chance: 0 });
    expect(at(5)).toMatchObject({ state: "expected", nextAttemptAt: hoursLater(5.5) });
    expect(at(10)).toMatchObject({ state: "not-published", nextAttemptAt: undefined });
  });
});

describe("stateByTime", () => {
  it("is expected, late and missing from the very minute that the settings say", () => {
    const at = (hours: number) => stateByTime(expectation(), hoursLater(hours));
    expect([at(0), at(1.99), at(2), at(9.99), at(10)]).toEqual([
      "expected",
      "expected",
      "late",
      "late",
      "missing",
    ]);
  });
});

describe("NEXT_STATES", () => {
  it("lets every state be collected anew but the one that is, and leads out of each", () => {
    for (const state of EDITION_STATES) {
      expect(NEXT_STATES[state].length, state).toBeGreaterThan(0);
      if (state !== "collecting") expect(NEXT_STATES[state], state).toContain("collecting");
    }
  });
});
