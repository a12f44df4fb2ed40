import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, cleanTitle, comparableText, foldWords, MAX_TEXT } from "./clean-text.ts";

describe("a text from the page", () => {
  it("keeps what a person wrote: lines, emoji, scripts, markup as text", () => {
    const text = "Hola <b>x</b> 👩‍👩‍👧\n\n  • uno\nשלום ‏عالم می‌خواهم";
    expect(cleanText(text)).toBe(text);
  });

  it("loses NUL, controls, zero-width characters and overrides", () => {
    expect(cleanText("a\u0000b\u200bc\u202ed\ufeffe\u2060f\u0007g")).toBe("abcdefg");
  });

  it("leaves no embedding open, so that it cannot turn what stands after it", () => {
    expect(cleanText("a\u202b b")).toBe("a\u202b b\u202c");
    expect(cleanText("\u2066a\u2069 \u2067b")).toBe("\u2066a\u2069 \u2067b\u2069");
  });

  it("is at most as long as WhatsApp takes, and well-formed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const clean = cleanText(text.repeat(3));
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toMatch(/\p{Cc}(?<![\t\n])|[\u200b\u202d\u202e\ufeff]/u);
        expect(cleanText(clean)).toBe(clean);
      }),
    );
    expect(cleanText("😀".repeat(40_000))).toHaveLength(MAX_TEXT);
  });
});

describe("a title", () => {
  it("loses the marks that the page puts around numbers", () => {
    expect(cleanTitle("\u202a+506\u00a08888 7777\u202c")).toBe("+506 8888 7777");
  });

  it("is one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (raw) => {
        expect(cleanTitle(raw)).not.toMatch(/[\n\r\u2028\u202a-\u202e]/u);
        expect(cleanTitle(raw).length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

it("a text that we sent is the one that the page shows of it", () => {
  const sent = "*Hola* _tú_\n\n- uno\n- dos\n1. tres\n> cita `x` ~no~";
  const shown = "Hola tú\nuno\ndos\ntres\ncita x no";
  expect(comparableText(shown)).toBe(comparableText(sent));
  expect(comparableText("otra cosa")).not.toBe(comparableText(sent));
});

it("words are compared without case, accents and marks", () => {
  expect(foldWords("\u202a Tú ")).toBe(foldWords("TU"));
});
