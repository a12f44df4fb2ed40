import { describe, expect, it } from "vitest";
import type { VersionResult } from "../core/assistant-experiment.ts";
import { compareVersions, differenceInterval, wilsonInterval } from "./compare-versions.ts";

const shown = ({ low, high }: { readonly low: number; readonly high: number }) =>
  [low, high].map((each) => each.toFixed(4));

describe("an interval", () => {
  it.each([
    // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
    [81, 263, "0.2553", "0.3662"],
    [15, 148, "0.0624", "0.1605"],
    [0, 20, "0.0000", "0.1611"],
    [1, 29, "0.0061", "0.1718"],
  ])("of a share is Wilson's: %i of %i", (part, of, low, high) => {
    expect(shown(wilsonInterval({ part, of }))).toEqual([low, high]);
  });

  it.each([
    // Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10.
    [56, 70, 48, 80, "0.0524", "0.3339"],
    [9, 10, 3, 10, "0.1705", "0.8090"],
    [10, 10, 0, 20, "0.6791", "1.0000"],
    [10, 10, 0, 10, "0.6075", "1.0000"],
  ])(
    "of a difference is Newcombe's: %i of %i less %i of %i",
    (part, of, less, ofLess, low, high) => {
      const difference = differenceInterval({ part, of }, { part: less, of: ofLess });
      expect(shown(difference)).toEqual([low, high]);
    },
  );
});

const nothing: VersionResult = {
  revision: 2,
  people: 0,
  questions: 0,
  abstained: 0,
  handedOver: 0,
  thumbsUp: 0,
  thumbsDown: 0,
  costMicroUsd: 0,
  answerMs: undefined,
  peopleAbstained: 0,
  peopleHandedOver: 0,
  peopleJudging: 0,
  peopleDisliking: 0,
};

describe("what is said of two versions", () => {
  it("is of people, and that it may be chance for as long as it may", () => {
    const live = { ...nothing, people: 40, peopleAbstained: 10, peopleHandedOver: 30 };
    const other = {
      ...nothing,
      revision: 1,
      people: 40,
      // However many questions few people asked: they stay few people.
      questions: 4_000,
      abstained: 3_000,
      peopleAbstained: 14,
      peopleHandedOver: 8,
    };
    const verdicts = compareVersions([live, other]).map(({ measure, verdict }) => [
      measure,
      verdict,
    ]);
    expect(verdicts).toEqual([
      ["abstained", "may-be-chance"],
      ["handed-over", "lower"],
      ["disliked", "nobody"],
    ]);
    expect(compareVersions([other, live])[1]?.verdict).toBe("higher");
  });
});
