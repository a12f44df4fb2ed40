import { describe, expect, it } from "vitest";
import { wordsForCountry } from "./country-names.ts";

describe("wordsForCountry", () => {
  it("gives the adjective by which a gazette names a state", () => {
    expect(wordsForCountry("italia")).toEqual(["italia", "italiana", "italiano"]);
  });

  it("leaves alone what names no state, a duty-free zone among it", () => {
    expect(wordsForCountry("calafate")).toEqual(["calafate"]);
    expect(wordsForCountry("franca")).toEqual(["franca"]);
  });
});
