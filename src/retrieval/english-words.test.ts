import { describe, expect, it } from "vitest";
import { wordsForEnglish } from "./english-words.ts";

describe("wordsForEnglish", () => {
  it("gives the gazettes' words for an English one, and keeps it for the case that it is a name", () => {
    expect(wordsForEnglish("inhabitants")).toEqual(["inhabitants", "habitantes"]);
  });

  it("keeps a word that it does not know", () => {
    expect(wordsForEnglish("calafate")).toEqual(["calafate"]);
  });
});
