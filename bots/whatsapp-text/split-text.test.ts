import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Span } from "../../src/core/message.ts";
import { toMarkedText, withoutAddresses } from "./marked-text.ts";
import { splitText, splitTextWithTail } from "./split-text.ts";
import { toTypedText } from "./typed-text.ts";

const spans: fc.Arbitrary<Span[]> = fc.array(
  fc.record(
    {
      text: fc.string({ unit: "grapheme", maxLength: 300 }),
      style: fc.constantFrom("bold" as const, "italic" as const, "code" as const),
      url: fc.constantFrom("https://example.org/a_b", "https://example.org/c?d=*e*"),
    },
    { requiredKeys: ["text"] },
  ),
  { maxLength: 8 },
);
const withoutSpace = (text: string) => text.replace(/\s/g, "");

describe("a text in pieces", () => {
  it("says all of it in order, within the limit, and breaks no character", () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 60, max: 400 }), (paragraph, maxLength) => {
        const whole = toMarkedText([paragraph]);
        const pieces = splitText(whole, maxLength);
        for (const piece of pieces) {
          const text = toTypedText(piece);
          expect(text.length).toBeLessThanOrEqual(maxLength);
          expect(text.isWellFormed()).toBe(true);
          expect(text.trim()).not.toBe("");
        }
        const said = withoutSpace(withoutAddresses(whole));
        if (said !== "") expect(withoutSpace(pieces.map(withoutAddresses).join(""))).toBe(said);
      }),
      { numRuns: 200 },
    );
  });

  it("is not cut inside an address that fits as a whole", () => {
    const url = `https://gaceta.example.org/${"x".repeat(60)}`;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), (count) => {
        const text = toMarkedText([[{ text: "a ".repeat(count) }, { text: "aquí", url }]]);
        expect(splitText(text, 120).some((piece) => piece.text.includes(url))).toBe(true);
      }),
    );
  });

  it("is one piece that can be sent when there is nothing to say", () => {
    expect(splitText(toMarkedText([]), 100)).toEqual([{ text: "…", marks: [] }]);
    const limits = { maxLength: 100, maxLastLength: 50 };
    expect(splitTextWithTail(toMarkedText([[{ text: " \n " }]]), limits)).toHaveLength(1);
  });

  it("ends with a short piece where buttons need one, and says every word once", () => {
    const text = "La municipalidad acuerda publicar.\n".repeat(9).trim();
    const limits = { maxLength: 150, maxLastLength: 50 };
    const pieces = splitTextWithTail(toMarkedText([[{ text }]]), limits);
    expect(pieces.at(-1)?.text.length).toBeLessThanOrEqual(50);
    expect(pieces.map((piece) => piece.text).join("\n")).toBe(text);
  });
});
