import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STRATEGIES } from "./page-reader.ts";
import { createTrust } from "./trust.ts";
import { type DirectionBallot, vote, voteDirection } from "./vote.ts";

const ballot = (...values: readonly ("in" | "out" | "in?" | "out?")[]): DirectionBallot =>
  values.map((value, at) => ({
    strategy: STRATEGIES[at] ?? "geometry",
    value: value.startsWith("in") ? "in" : "out",
    isLikely: value.endsWith("?"),
  }));

describe("who wrote a row", () => {
  it.each([
    [["out"], "out"],
    [["out?"], undefined],
    [["out?", "out?"], "out"],
    [["in?"], "in"],
    [["in", "in", "out?"], "in"],
    [["in", "out"], undefined],
    [["in?", "out", "out", "out"], undefined],
    [["in", "in", "out", "out"], undefined],
    [[], undefined],
  ] as const)("%j is %s", (values, direction) => {
    expect(voteDirection(ballot(...values)).value).toBe(direction);
  });

  it("is never called ours when anybody says theirs", () => {
    const value = fc.constantFrom("in" as const, "out" as const, "in?" as const, "out?" as const);
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (values) => {
        const verdict = voteDirection(ballot(...values));
        if (values.some((each) => each.startsWith("in"))) expect(verdict.value).not.toBe("out");
        expect(verdict.isContradicted).toBe(
          values.some((each) => each.startsWith("in")) &&
            values.some((each) => each.startsWith("out")),
        );
      }),
    );
  });
});

describe("any other field", () => {
  it("is what most say, and of two that are said as often the first", () => {
    const say = (...values: string[]) =>
      vote(
        values.map((value, at) => ({ strategy: STRATEGIES[at] ?? "geometry", value })),
        String,
      );
    expect(say("photo", "sticker", "sticker")).toMatchObject({
      value: "sticker",
      isContradicted: true,
      outvoted: ["test-ids"],
    });
    expect(say("photo", "sticker")).toMatchObject({ value: "photo", outvoted: [] });
    expect(say()).toEqual({ isContradicted: false, outvoted: [] });
  });
});

describe("a strategy", () => {
  it("is suspended for a field when it is outvoted on most rows, and comes back when it agrees", () => {
    const trust = createTrust();
    const note = (row: number, isOutvoted: boolean) =>
      trust.note("aria", "direction", `row-${row}`, isOutvoted);
    for (let row = 0; row < 9; row += 1) expect(note(row, true)).toBe(false);
    expect(note(9, true)).toBe(true);
    expect(trust.isTrusted("aria", "direction")).toBe(false);
    expect(trust.isTrusted("aria", "tick")).toBe(true);
    for (let row = 10; row < 30; row += 1) note(row, false);
    expect(trust.isTrusted("aria", "direction")).toBe(true);
  });

  it("is not suspended for one row that is looked at again and again", () => {
    const trust = createTrust();
    for (let look = 0; look < 50; look += 1) trust.note("aria", "kind", "the-row", true);
    expect(trust.isTrusted("aria", "kind")).toBe(true);
  });
});
