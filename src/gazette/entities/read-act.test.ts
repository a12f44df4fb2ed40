import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EntityKind } from "../../core/entities.ts";
import { foldInPlace } from "./fold-in-place.ts";
import { readAct } from "./read-act.ts";

function keysOf(text: string, kind: EntityKind, country = "CR", language: "es" | "pt" = "es") {
  const act = { section: "", issuingBody: "", title: "", passages: [{ text }] };
  return readAct(act, { country, language })
    .entities.filter((entity) => entity.kind === kind)
    .map(({ key }) => key);
}

describe("what an act speaks of", () => {
  it("is one law, however it is written", () => {
    const text =
      "Según la Ley N° 7983 y la Ley 7.983, del 16 de febrero de 2000; véase también la Ley de Protección al Trabajador, Nº 7983.";
    expect(keysOf(text, "norm")).toEqual(["law:7983"]);
    expect(
      keysOf("Lei nº 8.666, de 21 de junho de 1993, e Lei Federal nº 8.666/93.", "norm", "BR"),
    ).toEqual(["law:8666"]);
    expect(keysOf("la Ley 34/1998, de 7 de octubre, y la Ley 34/2003", "norm", "ES")).toEqual([
      "law:34/1998",
      "law:34/2003",
    ]);
  });

  it("is a company without its legal form", () => {
    expect(
      keysOf(
        "en calidad de apoderado especial de Moba Sociedad Anónima, con domicilio en Guatemala",
        "company",
      ),
    ).toEqual(["moba"]);
    expect(
      keysOf(
        "apoderada generalísima de Centro Médico del Valle M & M S. A., cédula jurídica 3101686557",
        "company",
      ),
    ).toEqual(["centro medico del valle m m"]);
    expect(
      keysOf(
        "ICMS, RV 466/2017, Recorrente MATABOI ALIMENTOS S/A, Advogado Ivo Neri",
        "company",
        "BR",
        "pt",
      ),
    ).toEqual(["mataboi alimentos"]);
    expect(
      keysOf(
        "INTERESSADO: CONTROLUZ ENGENHARIA E CONSTRUCAO LTDA; CNPJ Nº 08.794",
        "company",
        "BR",
        "pt",
      ),
    ).toEqual(["controluz engenharia e construcao"]);
  });

  it("is no company where a word only begins as a legal form", () => {
    const text = "O SECRETÁRIO DE ESTADO DE SAÚDE DO DISTRITO FEDERAL, no uso das atribuições";
    expect(keysOf(text, "company", "BR", "pt")).toEqual([]);
  });

  it("is a person where the text says that it names one", () => {
    expect(keysOf("Ingri Tauil Scot, viuda, cédula de residencia 186200234432", "person")).toEqual([
      "ingri tauil scot",
    ]);
    expect(
      keysOf(
        "San José, 19 de setiembre del 2014.—Grettel Solís Fernández, Registradora.—(IN2014071238).",
        "person",
      ),
    ).toEqual(["grettel solis fernandez"]);
    expect(
      keysOf("resolve: NOMEAR JULIANA TOLEDO GUIMARAES para exercer o cargo", "person", "BR", "pt"),
    ).toEqual(["juliana toledo guimaraes"]);
    expect(
      keysOf(
        "El Ministro de Asuntos Exteriores, Unión Europea y Cooperación, José Manuel Albares Bueno.",
        "person",
        "ES",
      ),
    ).toEqual(["jose manuel albares bueno"]);
  });

  it.each([
    ["un canon de ₡123.450,50 al mes", "CR", ["CRC 12345050"]],
    ["Término fijo: 1,59 €/mes", "ES", ["EUR 159"]],
    ["no valor de R$ 3.456.789,00", "BR", ["BRL 345678900"]],
    ["Valor C$ 1,235.00", "NI", ["NIO 123500"]],
    ["2,5 millones de euros", "ES", ["EUR 250000000"]],
    ["la suma de $ 1.500 pesos", "CO", ["COP 150000"]],
    ["87,4985 c€/kg", "ES", []],
  ])("is an amount in minor units: %s", (text, country, expected) => {
    expect([...new Set(keysOf(text, "amount", country))]).toEqual(expected);
  });

  it("is a date, a place, an institution", () => {
    const text =
      "Presentada el 31 de julio del 2014 ante el Ministerio de Salud, con domicilio en Puerta Parada, Guatemala.";
    expect(keysOf(text, "date")).toEqual(["2014-07-31"]);
    expect(keysOf(text, "place")).toEqual(["puerta parada"]);
    expect(keysOf(text, "body")).toEqual(["ministerio de salud"]);
  });

  it("stands where the reading says, whatever the text", () => {
    const piece = fc.constantFrom(
      "Ley N° 7.983 ",
      "de la ",
      "Moba Sociedad Anónima, ",
      "Ana Mora Ñandú, casada, ",
      "₡1.500,00 ",
      "2014-",
      "\n",
      "Art. 1º ",
      "İstanbul S. A. ",
      "😀",
      "Deróguese ",
      "publicada no DODF nº 9, de 14/01/2019, pág. 4. ",
      "; ",
      "Decreto de 8 de enero de 2019 ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        expect(foldInPlace(text)).toHaveLength(text.length);
        const act = { section: "", issuingBody: "", title: "", passages: [{ text }] };
        const { entities, references } = readAct(act, { country: "CR", language: "es" });
        for (const { name, start, end } of entities) {
          expect(text.slice(start, end).replace(/\s+/g, " ").trim()).toBe(name);
        }
        for (const { start, end } of references) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(start).toBeLessThan(end);
        }
      }),
      { numRuns: 300 },
    );
  });
});
