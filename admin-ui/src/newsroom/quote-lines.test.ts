import { describe, expect, it } from "vitest";
import { linesOfQuote } from "./quote-lines.ts";

const lines = ["El Gobierno ", "aprueba el ", "Acuerdo. Entra en ", "vigor hoy."].map((text) => ({
  text,
}));

describe("the lines of a quote", () => {
  it("are those that it begins, runs through and ends in, however its words are spaced", () => {
    expect([...linesOfQuote(lines, "aprueba  el Acuerdo.")]).toEqual([1, 2]);
    expect([...linesOfQuote(lines, "Gobierno\naprueba")]).toEqual([0, 1]);
  });

  it("are none where it does not stand", () => {
    expect(linesOfQuote(lines, "rechaza el Acuerdo").size).toBe(0);
    expect(linesOfQuote(lines, " ").size).toBe(0);
  });
});
