import { describe, expect, it } from "vitest";
import { outcomesOf } from "./edit-outcome.ts";

const cited = (...ids: string[]) => ids.map((passageId) => ({ passageId }));
const before = [
  { text: "Sube el salario.", cites: ["1", "2"] },
  { text: "Baja el precio.", cites: ["3"] },
];

describe("what an edit did", () => {
  it("is told of what was changed alone", () => {
    const after = [
      { text: "Sube el salario.", isSupported: true, citations: cited("2", "1") },
      { text: "Baja el precio del agua.", isSupported: true, citations: cited("3") },
    ];
    const sent = [
      { text: "Sube el salario.", cites: ["2", "1"] },
      { text: "Baja el precio del agua.", cites: ["3"] },
    ];
    expect(outcomesOf(before, sent, after)).toEqual([
      {
        number: 2,
        kind: "supported",
        text: "Baja el precio del agua.",
        citesBefore: 1,
        citesAfter: 1,
      },
    ]);
  });

  it("says which statements lost words, places, or all that bore them out", () => {
    const sent = [
      { text: "Sube el salario. Y el pan.", cites: ["1", "2"] },
      { text: "Baja el precio mucho.", cites: ["3", "4"] },
      { text: "El Gobierno compra 700 barcos.", cites: ["3"] },
    ];
    const after = [
      { text: "Sube el salario.", isSupported: true, citations: cited("1", "2") },
      { text: "Baja el precio mucho.", isSupported: true, citations: cited("3") },
      { text: "El Gobierno compra 700 barcos.", isSupported: false, citations: [] },
    ];
    expect(outcomesOf(before, sent, after).map(({ kind }) => kind)).toEqual([
      "shortened",
      "shortened",
      "unsupported",
    ]);
  });
});
