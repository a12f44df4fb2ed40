import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planByRules } from "./plan-by-rules.ts";

const sources = [
  { slug: "boe", name: "Boletín Oficial del Estado", country: "ES", timeZone: "Europe/Madrid" },
  { slug: "la-gaceta", name: "La Gaceta", country: "CR", timeZone: "America/Costa_Rica" },
  { slug: "senapi", name: "Gaceta Oficial SENAPI", country: "BO", timeZone: "America/La_Paz" },
  {
    slug: "dodf",
    name: "Diário Oficial do Distrito Federal",
    country: "BR",
    timeZone: "America/Sao_Paulo",
  },
];
// In Madrid it is already the 21st; in Costa Rica still the 20th.
const clock = { now: () => new Date("2026-11-21T03:00:00Z") };
const plan = (question: string) => planByRules(question, { clock, sources });

describe("dates that ask for an edition", () => {
  it.each([
    ["qué salió ayer en La Gaceta", "2026-11-19", "2026-11-19"],
    ["¿qué publicó el BOE hoy?", "2026-11-21", "2026-11-21"],
    ["o que saiu hoje no DODF?", "2026-11-21", "2026-11-21"],
    ["la gaceta del 14 de noviembre de 2014", "2014-11-14", "2014-11-14"],
    ["la gaceta n.º 220 del 14 de noviembre", "2026-11-14", "2026-11-14"],
    ["En el BOE del 15 de abril sale la lista de becas?", "2026-04-15", "2026-04-15"],
    ["BOE del 24 de diciembre", "2025-12-24", "2025-12-24"],
    ["edição de 16/01/2019", "2019-01-16", "2019-01-16"],
    ["the gazette of November 14, 2014", "2014-11-14", "2014-11-14"],
    ["nombramientos publicados el 2024-04-15", "2024-04-15", "2024-04-15"],
    ["qué marcas salieron este mes", "2026-11-01", "2026-11-30"],
    ["licitaciones de la semana pasada", "2026-11-09", "2026-11-15"],
    ["contratos firmados en 2019", "2019-01-01", "2019-12-31"],
    ["el boletín de abril de 2024", "2024-04-01", "2024-04-30"],
    ["el BOE del 1 al 15 de abril de 2024", "2024-04-01", "2024-04-15"],
    ["published in April 2024", "2024-04-01", "2024-04-30"],
  ])("%s", (question, from, to) => {
    expect(plan(question).dates).toEqual({ from, to });
  });

  it.each([
    "plazo contra el nombramiento de libre designacion del 4 de abril",
    "quién firma la resolución de abril 2024 con los precios del GLP?",
    "En el ascenso de jueces de marzo de 2024, ¿a dónde van?",
    "Real Decreto 427/2023, de 6 de junio",
    "salario minimo para 2015",
    "el plazo corre hasta hoy o a partir de hoy",
    "isenção a partir de 21/12/2018",
    "31 de febrero",
  ])("is not taken from what was published: %s", (question) => {
    expect(plan(question).dates).toBeUndefined();
  });

  it("is always a real range, whatever is asked", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "gaceta",
        "del",
        "de",
        "al",
        "en",
        "abril",
        "february",
        "ayer",
        "este",
        "mes",
      ),
      fc.integer({ min: 0, max: 2100 }).map(String),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const { dates } = plan(words.join(" "));
        if (dates?.from === undefined || dates.to === undefined) return;
        expect(Number.isNaN(Date.parse(dates.from))).toBe(false);
        expect(Number.isNaN(Date.parse(dates.to))).toBe(false);
        expect(dates.from <= dates.to).toBe(true);
      }),
    );
  });
});

describe("gazettes named in a question", () => {
  it.each([
    ["que dice el boe sobre el ingreso minimo vital", ["boe"]],
    ["en el boletin oficial del estado", ["boe"]],
    ["MAMARE y FLEXFIT en el boletin de SENAPI?", ["senapi"]],
    ["la gaceta de ayer", ["la-gaceta"]],
    ["saiu no diário oficial do distrito federal", ["dodf"]],
  ])("%s", (question, slugs) => {
    expect(plan(question).sources).toEqual(slugs);
  });

  it("are none when only the kind of publication is named", () => {
    expect(plan("qué trae el boletín oficial").sources).toBeUndefined();
    expect(plan("nuevo registro de una marca").sources).toBeUndefined();
  });
});
