import { describe, expect, it } from "vitest";
import type { Language } from "../../core/language.ts";
import { passage } from "../__fixtures__/citizen.ts";
import { verifyCitations } from "../verify-citations.ts";

const ACT = passage(
  `Laura Marín Sanz, jueza, pasará al Juzgado número 4 de Huesca. Contrato de 24 (veinticuatro) viaturas por R$ 4.144.800,00
  y 12.500,50 colones, resuelto el 14 de noviembre de 2014 en el plazo de dos meses. No se autoriza la corta de
  50 árboles en clase 36. El Consejo nombra a Ana Cuenca Fernández el 5/12/2014, cédula 3-101-240810. Curso de 15 h.`,
);
const SIGNED = passage(
  `La presente orden nombra Directora de la Oficina a Laura Marín Sanz, que tomará posesión en el plazo de un mes en la
  sede de la institución. La orden entrará en vigor el día siguiente al de su publicación en el «Boletín Oficial del
  Estado», y contra ella cabe recurso. Madrid, 9 de abril de 2024.–El Ministro de Asuntos Exteriores, Unión Europea y
  Cooperación, José Manuel Albares Bueno.`,
);
const isSigned = (sentence: string, language: Language) =>
  verifyCitations(`${sentence} [1].`, [SIGNED], language).text !== "";
const isKept = (sentence: string, language: Language = "es") =>
  verifyCitations(`${sentence} [1].`, [ACT], language).text !== "";

describe("a sentence held against its passage", () => {
  it.each([
    "Se resolvió el 14/11/2014 en el plazo de 2 meses",
    "Resuelto el catorce de noviembre de dos mil catorce, el contrato es de 24 viaturas",
    "El contrato de viaturas es por 4 144 800 reais",
    "El contrato de viaturas es por R$ 4,144,800.00",
    "El contrato es por 12500,50 colones",
    "LAURA MARIN SANZ pasará al juzgado número cuatro de HUESCA",
    "El 2014-12-05 el Consejo designa a Ana Cuenca Fernández, cédula 3101240810",
    "No se autoriza la corta de cincuenta árboles",
    "El curso es de 15 horas",
  ])("stands, however its values are written: %s", (sentence) => {
    expect(isKept(sentence)).toBe(true);
  });

  it.each([
    "Se resolvió el 15/11/2014 en el plazo de 2 meses",
    "Resuelto el 14 de noviembre de 2015, el contrato es de 24 viaturas",
    "El plazo del contrato es de dos años",
    "El plazo del contrato es de siete meses",
    "El contrato de viaturas es por 4.144.900 reais",
    "El contrato de viaturas es por US$ 4.144.800",
    "El contrato es por 12.500,05 colones",
    "Laura Marín Sanz pasará al juzgado número 5 de Huesca",
    "Laura Cuenca Fernández pasará al juzgado número 4 de Huesca",
    "Figueres pasará al juzgado número 4 de Huesca",
    "El Consejo nombra a Ana Cuenca Fernández, cédula 3-101-240811",
    "Se autoriza la corta de 50 árboles",
    "El Consejo no nombra a Ana Cuenca Fernández",
    "El Consejo cesa a Ana Cuenca Fernández",
    "La corta es de 4 árboles",
    "Laura Marín Sanz fue condenada por estafa",
  ])("falls with one thing that is not there: %s", (sentence) => {
    expect(isKept(sentence)).toBe(false);
  });

  it.each([
    ["La firma el Ministro José Manuel Albares Bueno", "es"],
    ["La orden fue firmada en Madrid por José Manuel Albares Bueno", "es"],
    ["José Manuel Albares Bueno firma la orden", "es"],
    ["It is signed by Minister José Manuel Albares Bueno", "en"],
    ["Quem assina é o Ministro José Manuel Albares Bueno", "pt"],
  ] as const)(
    "may say who signs, where their name stands under the act: %s",
    (sentence, language) => {
      expect(isSigned(sentence, language)).toBe(true);
    },
  );

  it.each([
    ["La firma Laura Marín Sanz", "es"],
    ["La firma la Directora Laura Marín Sanz", "es"],
    ["It is signed by Laura Marín Sanz", "en"],
    ["La firma el Ministro José Manuel Sanz", "es"],
    ["La firma el Ministro de Hacienda José Manuel Albares Bueno", "es"],
  ] as const)("says of nobody else that they sign: %s", (sentence, language) => {
    expect(isSigned(sentence, language)).toBe(false);
  });

  it("may be in another language, with the same values", () => {
    expect(isKept("The gazette mentions Laura Marín Sanz, judge, on November 14, 2014", "en")).toBe(
      true,
    );
    expect(isKept("O contrato de viaturas é de 14 de novembro de 2014", "pt")).toBe(true);
    expect(isKept("The gazette mentions Laura Marín Sanz, judge, on November 15, 2014", "en")).toBe(
      false,
    );
    expect(isKept("The Council appoints Ramiro Quesnel as judge", "en")).toBe(false);
  });

  it("is in the language that was asked for", () => {
    expect(
      isKept("The contract of viaturas was made with the council in the month of November", "es"),
    ).toBe(false);
  });
});
