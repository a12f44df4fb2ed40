import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillPlaces, placesNeeded, toParagraphs } from "./places.ts";

describe("a place", () => {
  it("is filled with the value of its name, however that is written", () => {
    expect(
      fillPlaces("Hola { Nombre }, {Fecha de pago}", { nombre: "Ana", "fecha de pago": "lunes" }),
    ).toBe("Hola Ana, lunes");
  });

  it("falls back on the words after the bar, also when the value is blank", () => {
    expect(fillPlaces("Hola {nombre|vecina}", {})).toBe("Hola vecina");
    expect(fillPlaces("Hola {nombre|vecina}", { nombre: "  " })).toBe("Hola vecina");
    expect(fillPlaces("Hola{nombre|}!", {})).toBe("Hola!");
  });

  it("without a value and words to fall back on makes no message", () => {
    expect(fillPlaces("Hola {nombre}", {})).toBeUndefined();
    expect(toParagraphs("*{fecha}*", {})).toBeUndefined();
    expect(placesNeeded("{a} {b|x} {A} {{c}}", "{d}")).toEqual(["a", "d"]);
  });

  it("is a pair of braces when they are doubled", () => {
    expect(fillPlaces("{{nombre}} {nombre}", { nombre: "Ana" })).toBe("{nombre} Ana");
  });

  it("takes nothing from what every object has", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      expect(fillPlaces(`{${name}}`, {})).toBeUndefined();
    }
  });

  it("brings in words only: whatever a value is, it stays in its line and makes no mark, link or place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 320 }), (value) => {
        const paragraphs = toParagraphs("antes {v|x} *{v|x}*\ndespués", { v: value });
        expect(paragraphs).toHaveLength(2);
        const [first = []] = paragraphs ?? [];
        expect(first.map(({ style, url }) => [style, url])).toEqual([
          [undefined, undefined],
          ["bold", undefined],
        ]);
        const words = first[1]?.text ?? "";
        expect(first[0]?.text).toBe(`antes ${words} `);
        expect(words.length).toBeGreaterThan(0);
        expect(words.length).toBeLessThanOrEqual(300);
        expect(words.isWellFormed()).toBe(true);
        expect(words).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe("marks", () => {
  it("become styles and links where they touch their words", () => {
    expect(
      toParagraphs("*Corte* de _agua_: `8-12` [mapa](https://example.org/{id})", { id: "a b/ñ" }),
    ).toEqual([
      [
        { text: "Corte", style: "bold" },
        { text: " de " },
        { text: "agua", style: "italic" },
        { text: ": " },
        { text: "8-12", style: "code" },
        { text: " " },
        { text: "mapa", url: "https://example.org/a%20b%2F%C3%B1" },
      ],
    ]);
  });

  it.each(["5 * 3 * 2", "fecha_de_pago", "a*b*c", "* viñeta", "[x](javascript:alert(1))", "2*3"])(
    "are signs like others in %s",
    (text) => {
      expect(toParagraphs(text, {})).toEqual([[{ text }]]);
    },
  );

  it("lose no words, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."*_`[]()ab \n") }), (text) => {
        const said = toParagraphs(text, {}) ?? [];
        const letters = (words: string) => words.replace(/[^ab]/g, "");
        const joined = said.map((spans) => spans.map((span) => span.text).join("")).join("\n");
        expect(letters(joined)).toBe(letters(text));
        expect(said).toHaveLength(text.split("\n").length);
      }),
    );
  });
});
