import { describe, expect, it } from "vitest";
import { asId } from "../../core/ids.ts";
import type { Turn } from "../../core/turn.ts";
import { splitComparison } from "./comparison.ts";
import { findThread } from "./follow-up.ts";

const said = (speaker: Turn["speaker"], text: string, page?: number): Turn => ({
  speaker,
  text,
  saidAt: new Date(0),
  citations:
    page === undefined
      ? []
      : [
          {
            number: 1,
            passageId: asId("1"),
            editionId: asId("e"),
            source: "boe",
            edition: "BOE",
            date: "2024-04-15",
            page,
            printedPage: undefined,
            quote: "",
            url: "",
          },
        ],
});
const BEFORE = [
  said("citizen", "¿Qué dice el decreto sobre vertidos en el río?"),
  said("assistant", "Prohíbe verter sin permiso [1].", 4),
];

describe("what a question goes on from", () => {
  it.each([
    "¿Y quién lo firma?",
    "y la de ayer?",
    "E quem assina?",
    "And who signed it?",
    "¿Desde cuándo vale ese decreto?",
    "A partir de quando vale esse decreto?",
    "When does that decree take effect?",
  ])("%s says so itself", (text) => {
    expect(findThread({ text, history: BEFORE }, false)).toEqual({
      kind: "continues",
      earlier: "¿Qué dice el decreto sobre vertidos en el río?",
      cited: [expect.objectContaining({ editionId: "e", page: 4 })],
    });
  });

  it.each(["¿Cuánto era la multa?", "¿Quién la firma?", "Qual o prazo?", "What was the fine?"])(
    "%s is too short to search by, and may",
    (text) => {
      expect(findThread({ text, history: BEFORE }, false)?.kind).toBe("may-continue");
    },
  );

  it.each([
    ["says what it is about", "¿Qué requisitos hay para una beca universitaria?", false],
    ["names somebody", "¿Quién es Ana Quirós?", false],
    ["holds a number", "¿qué dice el 41.234?", false],
    ["names a gazette or a day", "¿qué salió ayer?", true],
  ])("nothing, when it %s", (_, text, namesDate) => {
    expect(findThread({ text, history: BEFORE }, namesDate)).toBeUndefined();
  });

  it("nothing, when nothing was asked before", () => {
    const history = [said("citizen", "/start"), said("assistant", "Hola")];
    expect(findThread({ text: "¿Y quién lo firma?", history }, false)).toBeUndefined();
  });

  it("the question that began it, through a follow-up of a follow-up", () => {
    const history = [
      ...BEFORE,
      said("citizen", "¿Y cuánto es la multa?"),
      said("assistant", "5 millones [1].", 5),
    ];
    const thread = findThread({ text: "¿y quién la cobra?", history }, false);
    expect(thread?.earlier).toBe(
      "¿Qué dice el decreto sobre vertidos en el río?\n¿Y cuánto es la multa?",
    );
    expect(thread?.cited).toMatchObject([{ page: 5 }]);
  });
});

describe("a comparison", () => {
  it.each([
    [
      "¿Qué diferencia hay entre la licencia A2 y la licencia B1?",
      ["la licencia A2", "la licencia B1"],
    ],
    ["Compara el edicto de Liberia con el de Nicoya", ["el edicto de Liberia", "el de Nicoya"]],
    ["Qual a diferença entre o edital 4 e o edital 7?", ["o edital 4", "o edital 7"]],
    ["what is the difference between order 321 and order 322?", ["order 321", "order 322"]],
  ])("%s is two searches", (text, expected) => {
    expect(splitComparison(text)).toEqual(expected);
  });

  it.each(["¿Quién compró y vendió la finca?", "¿Cuánto cuesta?", "diferencia entre y"])(
    "is not seen in %j",
    (text) => {
      expect(splitComparison(text)).toBeUndefined();
    },
  );
});
