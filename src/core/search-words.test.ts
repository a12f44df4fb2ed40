import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchWords } from "./search-words.ts";

describe("the words of a text for search", () => {
  it.each([
    ["multas", "multa"],
    ["licencias de construcción", "LICENCIA construccion"],
    ["construcciones", "construccion"],
    ["nombramientos", "nombramiento"],
    ["licitações", "licitação"],
    ["appeals", "appeal"],
    ["becas", "beca"],
    ["permisos", "permiso"],
  ])("are the same for %s and %s", (said, asked) => {
    for (const word of searchWords(asked)) expect(searchWords(said)).toContain(word);
  });

  it("leave out what everybody says, and keep numbers", () => {
    expect(searchWords("hola, ¿qué dice la 322 del expediente 2024-0017?")).toEqual(
      expect.arrayContaining(["322", "2024", "0017"]),
    );
    expect(searchWords("hola, ¿qué es eso de las?")).toEqual([]);
  });

  it("are few, short and distinct, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000, unit: "grapheme" }), (text) => {
        const words = searchWords(text);
        expect(words.length).toBeLessThanOrEqual(60);
        expect(new Set(words).size).toBe(words.length);
        for (const word of words) expect(word.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});
