import { describe, expect, it } from "vitest";
import { findDateInName, findPublicationDate, isGazetteDate } from "./edition-facts.ts";

describe("findPublicationDate", () => {
  it("takes the date of the masthead, not those in the text", () => {
    expect(
      findPublicationDate(
        "La Gaceta Nº 220 — Viernes 14 de noviembre del 2014. Presentada el 31 de julio del 2014.",
      ),
    ).toBe("2014-11-14");
    expect(findPublicationDate("Segunda-feira, 26 de Outubro de 2020 - Edição n° 136")).toBe(
      "2020-10-26",
    );
    expect(findPublicationDate("Sexta-feira • 04 de dezembro de 2020")).toBe("2020-12-04");
    expect(findPublicationDate("Federal Register / Vol. 84 / Wednesday, January 16, 2019")).toBe(
      "2019-01-16",
    );
  });
  it("finds nothing where there is no masthead, nor days that do not exist", () => {
    expect(findPublicationDate("dado el 31 de julio del 2014")).toBeUndefined();
    expect(findPublicationDate("lunes 31 de febrero de 2024")).toBeUndefined();
  });
});

describe("findDateInName", () => {
  it("reads day first and year first", () => {
    expect(findDateInName("COMP_14_11_2014.pdf")).toBe("2014-11-14");
    expect(findDateInName("DODF_011_16-01-2019_INTEGRA.pdf")).toBe("2019-01-16");
    expect(findDateInName("MARC_20141130.pdf")).toBe("2014-11-30");
    expect(findDateInName("BOE-A-2024-7293.pdf")).toBeUndefined();
  });
});

describe("isGazetteDate", () => {
  it("accepts days that exist", () => {
    expect(isGazetteDate("2024-02-29")).toBe(true);
    for (const wrong of ["2023-02-29", "14-11-2014", "2014-11-14T00:00", ""])
      expect(isGazetteDate(wrong)).toBe(false);
  });
});
