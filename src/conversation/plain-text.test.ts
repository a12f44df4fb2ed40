import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPlainText } from "./plain-text.ts";

describe("a model's text made plain", () => {
  it.each([
    ["**Moba** pide `XARDIC` [1].", "Moba pide XARDIC [1]."],
    ["# Título\n- uno [1]\n- dos [2]", "Título\nuno [1]\ndos [2]"],
    ["Vea https://evil.example/a?b=c#d [1].", "Vea [1]."],
    ["Vea www.evil.example [1].", "Vea [1]."],
    ["Escriba a mailto:a@evil.example ya", "Escriba a ya"],
    ["Vea https://gaceta.example/gazettes/x [1].", "Vea https://gaceta.example/gazettes/x [1]."],
    ["Vea https://gaceta.example.evil.net/x [1].", "Vea [1]."],
    ["Vea evil.com.co/x y EVIL.COM [1].", "Vea y [1]."],
    ["abc\u202edef\u200b", "abcdef"],
    [
      "La Ley 9.635, art. 3, inc. a) S.A. del 14.11.2014 [1].",
      "La Ley 9.635, art. 3, inc. a) S.A. del 14.11.2014 [1].",
    ],
  ])("%j becomes %j", (written, plain) => {
    expect(toPlainText(written, "https://gaceta.example")).toBe(plain);
  });

  it("has no address of another host, whatever it was made of", () => {
    const piece = fc.constantFrom(
      "http://",
      "https://",
      "www.",
      "evil.com",
      "/x",
      "](",
      "![",
      "[",
      "]",
      "(",
      ")",
      "<",
      ">",
      " ",
      "a",
      "javascript:",
      "data:",
      "**",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        expect(toPlainText(pieces.join(""), undefined)).not.toMatch(
          /https?:\/\/\w|evil\.com(?![a-z])|javascript:\w/,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
