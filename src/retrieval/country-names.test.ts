import { describe, expect, it } from "vitest";
import { wordsForCountry } from "./country-names.ts";

describe("wordsForCountry", () => {
  it("gives the adjective by which a gazette names a state", () => {
    expect(wordsForCountry("italia")).toEqual(["italia", "italiana", "italiano"]);
  });

  it("gives each word once, and one that is no such name alone", () => {
    expect(wordsForCountry("siria")).toEqual(["siria", "sirio"]);
    expect(wordsForCountry("calafate")).toEqual(["calafate"]);
  });
});
