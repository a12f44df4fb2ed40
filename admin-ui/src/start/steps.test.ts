import { describe, expect, it } from "vitest";
import { firstStep, isDone, STEPS, stepAfter, stepBefore } from "./steps.ts";

const NOTHING = {
  edition: null,
  sourceCount: 0,
  documentCount: 0,
  wasAsked: false,
  peopleCount: 1,
  subscriptionCount: 0,
};
const SAMPLE = { source: "boe", name: "BOE", date: "2024-04-15", number: "92" };

describe("the first steps", () => {
  it("are done by what is there, whoever made it", () => {
    const done = (facts: object, botCount = 0) =>
      STEPS.filter((step) => isDone(step, { facts: { ...NOTHING, ...facts }, botCount }));
    expect(done({})).toEqual([]);
    expect(done({ edition: SAMPLE }, 1)).toEqual(["gazette", "bot"]);
    expect(done({ documentCount: 1, wasAsked: true }, 1)).toEqual(["gazette", "bot", "question"]);
  });

  it("begin with the gazette while there is only the sample, else with what is missing", () => {
    const first = (facts: object, botCount = 1) =>
      firstStep({ facts: { ...NOTHING, ...facts }, botCount });
    expect(first({ edition: SAMPLE })).toBe("gazette");
    expect(first({ edition: SAMPLE, sourceCount: 1 }, 0)).toBe("bot");
    expect(first({ edition: SAMPLE, sourceCount: 1 })).toBe("question");
    expect(first({ edition: SAMPLE, wasAsked: true })).toBe("next");
  });

  it("have a way on and a way back, but none over their ends", () => {
    expect(STEPS.map(stepAfter)).toEqual(["bot", "question", "next", undefined]);
    expect(STEPS.map(stepBefore)).toEqual([undefined, "gazette", "bot", "question"]);
  });
});
