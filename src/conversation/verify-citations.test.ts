import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { passage, XARDIC } from "./__fixtures__/citizen.ts";
import { verifyCitations } from "./verify-citations.ts";

const PASSAGES = [
  passage(XARDIC),
  passage(
    "The Bank Of Nova Scotia solicita la inscripción de: SCOTIA COOL en clase: 36. Tarjetas de débito para menores de edad. Presentada el 4 de setiembre del 2014. Monto 12.500,50 colones.",
    { id: 2, page: 3 },
  ),
];

const verify = (text: string) => verifyCitations(text, PASSAGES, "es");

describe("citation verification", () => {
  it("renumbers citations in the order in which they appear", () => {
    const { text, passages } = verify(
      "SCOTIA COOL son tarjetas de débito [2]. XARDIC la solicita Moba [1]. SCOTIA COOL es clase 36 [2].",
    );
    expect(text).toBe(
      "SCOTIA COOL son tarjetas de débito. [1] XARDIC la solicita Moba. [2] SCOTIA COOL es clase 36. [1]".replace(
        / \. /g,
        ". ",
      ),
    );
    expect(passages.map(({ passage: { passageId } }) => passageId)).toEqual(["2", "1"]);
  });

  it("reads marks after the full stop, several in one bracket, and abbreviations", () => {
    expect(verify("XARDIC la solicita Moba. [1]").passages).toHaveLength(1);
    expect(verify("SCOTIA COOL son tarjetas de débito [1, 2].")).toMatchObject({
      citationsRemoved: 1,
      sentencesKept: 1,
    });
    expect(verify("El Sr. Moba solicita XARDIC [1].").text).toBe(
      "El Sr. Moba solicita XARDIC. [1]",
    );
  });

  it("compares numbers as wholes, whichever way they are punctuated", () => {
    expect(verify("El monto es 12,500.50 colones [2].").text).not.toBe("");
    expect(verify("El monto es 12.500 colones [2].").text).toBe("");
    expect(verify("SCOTIA COOL se presentó el 04 de setiembre de 2014 [2].").text).not.toBe("");
    expect(verify("SCOTIA COOL se presentó el 5 de setiembre de 2014 [2].").text).not.toBe(
      "SCOTIA COOL se presentó el 5 de setiembre de 2014. [1]",
    );
  });

  it("never lets through a citation that does not exist, nor a sentence without one", () => {
    const word = fc.constantFrom(
      "Moba",
      "solicita",
      "XARDIC",
      "SCOTIA",
      "débito",
      "gasolina",
      "700",
      "36",
      "5",
      "Figueres",
      "[1]",
      "[2]",
      "[3]",
      "[0]",
      "[99]",
      ".",
      "!",
      "\n",
      "[1, 7]",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const { text, passages } = verify(words.join(" "));
        for (const [, number] of text.matchAll(/\[(\d+)\]/g)) {
          expect(Number(number)).toBeGreaterThanOrEqual(1);
          expect(Number(number)).toBeLessThanOrEqual(passages.length);
        }
        expect(text === "" || passages.length > 0).toBe(true);
        expect(text).not.toMatch(/gasolina 700|700/);
        for (const line of text.split("\n")) expect(line === "" || /\]$/.test(line)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("survives any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const verified = verify(text);
        expect(verified.text === "").toBe(verified.passages.length === 0);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a sentence copied from its passage", () => {
    const words = XARDIC.replace(/[.:,](?!\d)/g, "").split(" ");
    fc.assert(
      fc.property(fc.nat(words.length - 8), fc.integer({ min: 6, max: 8 }), (start, length) => {
        const sentence = words.slice(start, start + length).join(" ");
        expect(verify(`${sentence} [1].`).sentencesKept).toBe(1);
      }),
    );
  });
});
