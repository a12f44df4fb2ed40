import { describe, expect, it } from "vitest";
import type { Term } from "./analyze-question.ts";
import { missingName } from "./missing-name.ts";
import type { ScoredPassage } from "./score-passages.ts";

const UNIT = 8;

function term(word: string, entity: number | undefined, extra: Partial<Term> = {}): Term {
  return {
    word,
    lexemes: [],
    passageCount: 0,
    idf: UNIT,
    weight: 1,
    isName: entity !== undefined,
    isNumber: /^\d+$/.test(word),
    isCorrected: false,
    isAsking: false,
    entity,
    isAbbreviation: false,
    ...extra,
  };
}

/** `holds`: one mark for each term, `x` when the passage's page has it, `c` when it names the gazette. */
function passage(holds: string, score = 1): ScoredPassage {
  const has = [...holds].map((mark) => mark === "x");
  return {
    passageId: "p" as ScoredPassage["passageId"],
    edition: { date: "2014-11-14" } as ScoredPassage["edition"],
    ordinal: 0,
    page: 1,
    score,
    contentScore: score,
    inPassage: has,
    onPage: has,
    isContext: [...holds].map((mark) => mark === "c"),
  };
}

function missing(
  terms: readonly Term[],
  chosen: readonly ScoredPassage[],
  isOtherEdition = false,
): number {
  const [best] = chosen;
  return best === undefined ? 0 : missingName({ terms, chosen, isOtherEdition }, best, UNIT);
}

describe("missingName", () => {
  const person = [term("hazel", 1), term("montenegro", 1), term("enfermeria", undefined)];

  it("asks for all of a name in one passage, not for its parts in several", () => {
    expect(missing(person, [passage("xxx")])).toBe(0);
    expect(missing(person, [passage("x-x"), passage("-x-")])).toBe(1);
    expect(missing(person, [passage("x-x"), passage("xx-")])).toBe(0);
  });

  it("does not look for a single name where nothing would be quoted", () => {
    const place = [term("bariloche", 1), term("viceconsulado", undefined)];
    expect(missing(place, [passage("-x", 1), passage("x-", 0.1)])).toBe(1);
  });

  it("finds the second of two names further down", () => {
    const brands = [term("xardic", 1), term("scotia", 2)];
    expect(missing(brands, [passage("-x", 1), passage("x-", 0.1)])).toBe(0);
    expect(missing(brands, [passage("-x", 1), passage("-x", 0.1)])).toBe(1);
  });

  it("does not take another country's gazette for a brand of this one", () => {
    const brandAbroad = [term("sporade", 1), term("nicaragua", 2)];
    expect(missing(brandAbroad, [passage("x-", 1), passage("-c", 0.5)])).toBe(1);
  });

  it("asks for a year, which the edition's own date gives too", () => {
    expect(missing([term("2014", undefined)], [passage("-")])).toBe(0);
    expect(missing([term("2016", undefined)], [passage("-")])).toBe(1);
    expect(missing([term("2016", undefined)], [passage("x")])).toBe(0);
  });

  it("takes a mention of the year for nothing when the edition of that year is not held", () => {
    expect(missing([term("2016", undefined)], [passage("x")], true)).toBe(1);
    expect(missing([term("2014", undefined)], [passage("x")], true)).toBe(0);
  });

  it("does not ask for the gazette's name, an article before a name, or an abbreviation", () => {
    expect(missing([term("bolivia", 1)], [passage("c")])).toBe(0);
    expect(missing([term("el", 1), term("calafate", 1)], [passage("-x")])).toBe(0);
    expect(missing([term("ccss", 1, { isAbbreviation: true })], [passage("-")])).toBe(0);
  });
});
