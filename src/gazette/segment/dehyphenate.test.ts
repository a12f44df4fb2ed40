import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectVocabulary, joinLines } from "./dehyphenate.ts";

function join(
  before: string,
  after: string,
  language: "es" | "pt" = "es",
  vocabulary: string[] = [],
) {
  const joined = joinLines(before, after, collectVocabulary(vocabulary), language);
  return joined.before + joined.glue + after;
}

describe("joinLines", () => {
  it("takes away the typesetter's hyphen", () => {
    expect(join("durante la Presen-", "tada el 31")).toBe("durante la Presentada el 31");
    expect(join("DE LA REPÚ-", "BLICA DE")).toBe("DE LA REPÚBLICA DE");
    expect(join("comuni\u00ad", "cación")).toBe("comunicación");
  });

  it("keeps the hyphen of numbers, names and compounds", () => {
    expect(join("Solicitud Nº 2014-", "0006558.")).toBe("Solicitud Nº 2014-0006558.");
    expect(join("la Fundación Kolping-", "Nicaragua")).toBe("la Fundación Kolping-Nicaragua");
    expect(join("el ex-", "presidente")).toBe("el ex-presidente");
    expect(join("la Ley teórico-", "práctica")).toBe("la Ley teórico-práctica");
  });

  it("follows how the document writes the word elsewhere", () => {
    expect(join("un acuerdo franco-", "suizo", "es", ["el acuerdo franco-suizo de"])).toBe(
      "un acuerdo franco-suizo",
    );
    expect(join("la sub-", "secretaría", "es", ["la subsecretaría de"])).toBe("la subsecretaría");
  });

  it("keeps a Portuguese pronoun on its verb", () => {
    expect(join("o servidor refere-", "se ao", "pt")).toBe("o servidor refere-se ao");
    expect(join("na terça-", "feira", "pt")).toBe("na terça-feira");
    expect(join("a contrata-", "ção", "pt")).toBe("a contratação");
  });

  it("puts one space where there is no hyphen, and after a dash", () => {
    expect(join("de Moba", "Sociedad")).toBe("de Moba Sociedad");
    expect(join("San José -", "Costa Rica")).toBe("San José - Costa Rica");
  });

  it("never loses or invents anything but a hyphen", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const strip = (text: string) => text.replace(/[-\u00ad\u2010 ]/g, "");
        expect(strip(join(before, after))).toBe(strip(before + after));
      }),
    );
  });
});
